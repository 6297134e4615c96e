import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from './cli/run-main.ts';
import { saveResults } from './cli/save-results.ts';
import { compare } from './load/compare.ts';
import { markdown } from './load/report.ts';
import { MANY_WRITERS, SCENARIOS } from './load/scenario.ts';
import { REFERENCE_BINARY, REPOSITORY, requireReference } from './server/commands.ts';
import { makeWorkspaceDir } from './server/workspace-dir.ts';

const HELP = `usage: npm run bench -- [options]

Loads Tilewright and rekor-server-posix in turn, at 1, 64 and 512 writers, and prints both with their ratios and the
targets. Ours runs at its defaults; the peer at its best (checkpoint 100 ms, batch 20 ms, no antispam). Each run has a
fresh log; 5 s warm-up, 20 s measured, median of three. Needs wrk (Debian: apt-get install wrk) and tools/install.
Writes bench/results/<time>.json and .md.

  --quick              2 s warm-up, 6 s measured, one run each
  --only ours|peer     one server alone: no ratios
  --writers N,N        only these of 1, 64, 512, 2048
  --many               2,048 writers as well
  --runs N             runs of each server in each scenario (default 3)
  --memory             resident memory of ours at 200,000 and 1,000,000 entries, instead of the above
  --profile            ours at 512 writers (or --writers N) under the profiler, instead of the above: the functions that
                       take the time, and a flame graph in bench/results/<time>-profile-flame.svg
  --reference PATH     rekor-server-posix (default .tools/bin/rekor-server-posix)
  --help

Exit status: 0 every target met; 1 one missed, or a run failed; 2 usage.
`;

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      writers: { type: 'string' },
      many: { type: 'boolean', default: false },
      runs: { type: 'string' },
      memory: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      reference: { type: 'string', default: REFERENCE_BINARY },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.only !== undefined && options.only !== 'ours' && options.only !== 'peer') {
    say(`bench: --only takes ours or peer, not ${JSON.stringify(options.only)}`);
    return 2;
  }
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    if (options.memory) {
      const { measureMemory } = await import('./load/memory.ts');
      return await measureMemory(workspace, say, saveResults);
    }
    if (options.profile) {
      const { runProfile } = await import('./profile/run-profile.ts');
      return await runProfile(workspace, Number(options.writers ?? 512), options.quick);
    }
    const { reference } = options;
    if (options.only !== 'ours') requireReference(reference);
    const wanted = options.writers?.split(',').map(Number);
    const known = [...SCENARIOS, MANY_WRITERS];
    const standard = options.many ? known : SCENARIOS;
    const { quick } = options;
    const comparison = await compare({
      scenarios: wanted === undefined ? standard : known.filter((s) => wanted.includes(s.writers)),
      length: quick ? { warmUpSeconds: 2, measuredSeconds: 6 } : { warmUpSeconds: 5, measuredSeconds: 20 },
      runs: Number(options.runs ?? (quick ? 1 : 3)),
      servers: options.only === undefined ? ['ours', 'peer'] : [options.only === 'ours' ? 'ours' : 'peer'],
      reference,
      workspace,
      say,
    });
    const table = markdown(comparison.reports);
    process.stdout.write(`${table}\n`);
    await saveResults('load', table, comparison);
    return comparison.reports.some((r) => r.verdicts.some((v) => v.met === false)) ? 1 : 0;
  } finally {
    await workspace.remove();
  }
}

await runMain('bench', main);
