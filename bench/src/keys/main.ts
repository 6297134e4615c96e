import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from '../cli/run-main.ts';
import { saveResults } from '../cli/save-results.ts';
import { probeFsync } from '../load/fsync-probe.ts';
import { REPOSITORY } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { publicationCost } from './publication-cost.ts';
import { signingCost } from './signing-cost.ts';
import { startCost } from './start-cost.ts';

const HELP = `usage: npm run bench:keys -- [options]

Measures what keys and witnesses cost a log, in turns with a log without: the start of a server whose key is in a keyset
that a local key encrypts; one signature of a checkpoint; and a publication that three witnesses cosign, each a process of
its own on this machine. About half a minute. Writes bench/results/<time>-keys.json and .md.

  --rounds N       turns of each measurement (default 5)
  --help

Exit status: 0 every target met; 1 one missed, or a run failed; 2 usage.
`;

const MOST_START_MS = 300;
const MOST_SIGNING_MS = 1;
const MOST_WITNESSING_MS = 30;
const ENTRIES = 40;
const SIGNATURES = 500;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    say('bench:keys: --rounds takes 1 to 100');
    return 2;
  }
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    const disk = await probeFsync(workspace.path);
    say('bench:keys: starts of the server');
    const start = await startCost(workspace, rounds);
    say('bench:keys: signatures');
    const signing = await signingCost(SIGNATURES);
    say('bench:keys: publications');
    const publication = await publicationCost(workspace, rounds, ENTRIES);
    // OpenSSL has no fast P-521: nothing here could make it faster.
    const { 'P-521': slowest, ...signed } = signing;
    const rows = [
      ['start with a keyset, beyond one with a key file', start.keysetMs - start.keyFileMs, MOST_START_MS],
      ...Object.entries(signed).map(
        ([kind, ms]) => [`one signature of a checkpoint, ${kind}`, ms, MOST_SIGNING_MS] as const,
      ),
      ['one signature of a checkpoint, P-521', slowest, Number.POSITIVE_INFINITY],
      [
        'three witnesses, beyond a publication without',
        publication.witnessedMs - publication.aloneMs,
        MOST_WITNESSING_MS,
      ],
    ] as const;
    const text = [
      '| what | ms, median | asked |  |',
      '| --- | ---: | ---: | --- |',
      ...rows.map(([what, ms, most]) => `| ${what} | ${ms.toFixed(2)} | ${verdictOn(ms, most)} |`),
      '',
      `ready after ${Math.round(start.keyFileMs)} ms with a key file, ${Math.round(start.keysetMs)} ms with a keyset; published in ${publication.aloneMs.toFixed(1)} ms alone, ${publication.witnessedMs.toFixed(1)} ms with witnesses`,
      `fdatasync ${disk.p50.toFixed(2)} ms p50, ${disk.p99.toFixed(2)} ms p99${disk.noisy ? ': disk noisy' : ''}`,
    ].join('\n');
    process.stdout.write(`${text}\n`);
    await saveResults('keys', text, { start, signing, publication, disk });
    return rows.every(([, ms, most]) => ms <= most) ? 0 : 1;
  } finally {
    await workspace.remove();
  }
}

function verdictOn(ms: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return '— | ';
  return `≤ ${most} | ${ms <= most ? 'met' : 'NOT MET'}`;
}

await runMain('bench:keys', main);
