import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runMain, say } from '../cli/run-main.ts';
import { saveResults } from '../cli/save-results.ts';
import { REPOSITORY } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { readGcpOptions } from './plan/options.ts';
import { gcpVerdicts, verdictTable } from './report/gcp-targets.ts';
import { operationsTables } from './report/operations-table.ts';
import type { GcpResults } from './report/results.ts';
import { settingsList, speedTable } from './report/speed-table.ts';
import { runGcpBench } from './run-gcp-bench.ts';
import { requirePeer } from './servers/servers.ts';

const HELP = `usage: npm run bench:gcp -- [options]

Measures Tilewright on Spanner and Google Cloud Storage beside rekor-server-gcp v2.3.0, in turns, in one run. Every
measurement starts a Spanner emulator and a storage server of its own, which keep everything in memory, and a new log on them:
  speed        a lone writer, 512 and 4,096 writers, and 512 writers spread over three replicas of ours, by wrk
  operations   what is asked of Spanner and of the bucket at 1, 10, 100 and 1,000 entries/s and by an idle log, by one
               replica and by three, in real time; counted by proxies before the two services
The emulator runs one read-write transaction at a time: speeds say how a design behaves under conflicts, not how fast
Spanner is. Needs wrk, the Spanner emulator of the Google Cloud CLI, and tools/install for the other two servers.
About 40 minutes; writes bench/results/<time>-gcp.json and .md.

  --only LIST    of speed, operations: these; of ours, peer: these servers
  --runs N       runs of each server in each row of speeds (default 3)
  --quick        8 s a run, one run each, operations of an idle log and at 100 entries/s alone: about six minutes
  --json         prints the figures instead of the tables
  --help

Exit status: 0 every figure met; 1 one missed, or ours failed in a run; 2 usage.
`;

async function main(): Promise<number> {
  const options = readGcpOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.contestants.some((id) => id !== 'ours')) requirePeer();
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    const results = await runGcpBench(options, workspace, say);
    const verdicts = gcpVerdicts(results);
    const report = reportOf(results, options.contestants, verdictTable(verdicts));
    process.stdout.write(options.json ? `${JSON.stringify({ ...results, verdicts }, undefined, 1)}\n` : `${report}\n`);
    await saveResults('gcp', report, { options, ...results, verdicts });
    return verdicts.some(({ met }) => met === false) ? 1 : 0;
  } finally {
    await workspace.remove();
  }
}

function reportOf(results: GcpResults, contestants: readonly string[], verdicts: string): string {
  const parts = [`Commit ${results.commit ?? 'unknown'}.`, settingsList(contestants)];
  if (results.speed.length > 0) parts.push('## Speed', speedTable(results));
  if (results.operations.length > 0) parts.push('## Operations', operationsTables(results));
  return [...parts, '## What was asked, and what was reached', verdicts].join('\n\n');
}

await runMain('bench:gcp', main);
