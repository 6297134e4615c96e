import { parseArgs } from 'node:util';
import { checkInBrowser, serveCheckPage } from './browser/check-in-browser.ts';
import { findChromium, NO_CHROMIUM } from './browser/find-chromium.ts';
import { openBrowser } from './browser/open-browser.ts';
import { POLICIES, type PolicyName } from './browser/page-server.ts';
import { packedCore, removeProject } from './build/packed-core.ts';
import { pageMaterial } from './material/page-material.ts';
import type { PageReport } from './page/page-material.ts';

const HELP = `usage: npm run bench:browser -- [options]

Packs @tilewright/core, bundles a page with it, and opens that in headless Chromium from PATH, first with a content security
policy that allows WebAssembly, then without. The page verifies a real log entry and a note of every signature type, builds
a tree of a million leaves, and measures rates in turns with @noble/hashes.

  --screenshot DIR  also writes DIR/with-wasm.png and DIR/without-wasm.png; DIR exists
  --help

Exit status: 0; 1 a check failed, or there is no Chromium; 2 usage.
`;

/** Leaves of 1 KiB with WebAssembly: so many times as fast as @noble/hashes. */
const LEAF_TARGET = 4.5;

function markdown(policy: PolicyName, { backend, checks, rates, tree }: PageReport): string {
  const lines = checks.map(({ name, ok, detail }) => `- ${ok ? 'ok' : 'FAILED'}: ${name}: ${detail}`);
  const table = rates.map(
    ({ name, unit, perSecond, noblePerSecond, timesAsFast }) =>
      `| ${name} | ${thousands(perSecond)} ${unit}/s | ${thousands(noblePerSecond)} ${unit}/s | ${timesAsFast.toFixed(2)} × |`,
  );
  const seconds = (tree.leafSeconds + tree.treeSeconds).toFixed(3);
  return [
    `## ${policy} (${POLICIES[policy]}): ${backend}`,
    lines.join('\n'),
    `${thousands(tree.leaves)} entries to a root: ${seconds} s, of which the tree ${tree.treeSeconds.toFixed(3)} s`,
    ['| rate | @tilewright/core | @noble/hashes | |', '| --- | ---: | ---: | ---: |', ...table].join('\n'),
  ].join('\n\n');
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { screenshot: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chromium = await findChromium();
  if (chromium === undefined) throw new Error(NO_CHROMIUM);
  const project = await packedCore();
  const server = await serveCheckPage(project, await pageMaterial({ sampleMs: 20, rounds: 150 }));
  const browser = await openBrowser(chromium);
  const reports: PageReport[] = [];
  try {
    process.stdout.write(`Chromium ${browser.version()}\n\n`);
    for (const policy of Object.keys(POLICIES) as PolicyName[]) {
      const screenshot = values.screenshot === undefined ? undefined : `${values.screenshot}/${policy}.png`;
      const report = await checkInBrowser(browser, server, policy, { timeout: 120_000, screenshot });
      process.stdout.write(`${markdown(policy, report)}\n\n`);
      reports.push(report);
    }
  } finally {
    await browser.close();
    await server.close();
    await removeProject(project);
  }
  const leaves = reports[0]?.rates.find(({ unit }) => unit === 'leaves')?.timesAsFast ?? 0;
  const met = leaves >= LEAF_TARGET ? 'met' : 'MISSED';
  process.stdout.write(
    `- ${met}: leaves of 1 KiB at ${leaves.toFixed(2)} × @noble/hashes, target ≥ ${LEAF_TARGET} ×\n`,
  );
  return reports.every(({ checks }) => checks.every(({ ok }) => ok)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`bench:browser: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
