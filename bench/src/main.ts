import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runMain, say } from './cli/run-main.ts';
import { saveResults } from './cli/save-results.ts';
import { type BenchOptions, readOptions } from './load/plan/options.ts';
import { REPOSITORY } from './server/commands.ts';
import { makeWorkspaceDir, type WorkspaceDir } from './server/workspace-dir.ts';

const HELP = `usage: npm run bench -- [options]

Measures Tilewright beside its peers, in turns, in one run, and prints tables with ratios and the figures to reach:
  rekor   the Rekor API over HTTP at 1, 16, 64, 512, 2048 and 4000 writers, by wrk: ours and rekor-server-posix, at its best
          settings (checkpoint 100 ms, batch 20 ms, no antispam) and at its defaults
  raw     logs of raw entries of 1 KiB at 1, 16, 64, 512, 2048 and 3000 writers, by Tessera's hammer: ours and Tessera's
          POSIX personality; ours once more with --pushback-max-outstanding=16384 where its defaults push back
  grpc    the Rekor API over gRPC at 512 writers, and the peer's HTTP and gRPC
Ours runs at its defaults. Each run has a fresh log, 5 s of warm-up and 20 s measured; median of three. It says how long
it takes before it begins (all of it about an hour). Needs wrk (Debian: apt-get install wrk) and tools/install.
Writes <out>/<time>.json after every measurement, and at the end <time>.md and SVG plots beside it.

  --only LIST          of rekor, raw, grpc: these tables; of ours, peer: these servers
  --writers LIST       only these numbers of writers
  --runs N             runs of each server in each row (default 3)
  --seconds N          measured, after a quarter of it, 5 s at most, of warm-up (default 20)
  --quick              2 s of warm-up, 6 s measured, one run each, 1, 64 and 512 writers
  --resume FILE        goes on with a results file, whatever ended it; options that make another plan are refused. With
                       nothing left to measure it writes the report again
  --out DIR            folder of the results (default bench/results)
  --short              a minute: ratios to peers beside those in bench/baseline/short.json; fails when one fell by more
                       than a third
  --update-baseline    with --short: writes that file instead
  --memory             resident memory of ours at 200,000 and 1,000,000 entries, instead of the above
  --profile            ours at 512 writers (or --writers N) under the profiler, instead of the above: the functions that
                       take the time, and a flame graph in bench/results/<time>-profile-flame.svg
  --reference PATH     rekor-server-posix (default .tools/bin/rekor-server-posix)
  --help

Exit status: 0 every target met; 1 one missed, or a run failed; 2 usage.
`;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.mode === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    return await run(options, workspace);
  } finally {
    await workspace.remove();
  }
}

async function run(options: BenchOptions, workspace: WorkspaceDir): Promise<number> {
  const { mode, selection } = options;
  switch (mode) {
    case 'memory': {
      const { measureMemory } = await import('./load/memory.ts');
      return measureMemory(workspace, say, saveResults);
    }
    case 'profile': {
      const { runProfile } = await import('./profile/run-profile.ts');
      const [writers = 512] = selection.areWritersAsked ? (selection.writers ?? []) : [];
      return runProfile(workspace, writers, options.quick);
    }
    case 'short': {
      const { runShort } = await import('./load/short/run-short.ts');
      return runShort(options, workspace, say);
    }
    default: {
      const { runTable } = await import('./load/table/run-table.ts');
      return runTable(options, workspace, say);
    }
  }
}

await runMain('bench', main);
