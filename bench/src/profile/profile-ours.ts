import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunFigures, RunLength } from '../load/run-figures.ts';
import { runOnce } from '../load/run-once.ts';
import type { RequestPool } from '../requests/pool.ts';
import { type LogPlace, ourServer } from '../server/commands.ts';
import { type CallNode, callTree, hottest } from './call-tree.ts';
import { flameGraph } from './flame-graph.ts';

/** A profiled run, and what it left. */
export interface ProfiledRun {
  readonly result: RunFigures;
  /** One for each thread, the busiest first. */
  readonly threads: readonly CallNode[];
  readonly table: string;
  readonly svg: string;
}

/** Sampling interval, microseconds: fine enough for what an entry costs. */
const INTERVAL_US = 400;
const HOTTEST = 25;

/** Loads our server under V8's sampling profiler. Its start, warm-up and stop are in the profile, and small beside the load. */
export async function profileOurs(
  place: LogPlace,
  pool: RequestPool,
  writers: number,
  length: RunLength,
): Promise<ProfiledRun> {
  const folder = await mkdtemp(join(tmpdir(), 'tilewright-profile-'));
  try {
    const command = ourServer(place);
    const [node, ...args] = command.argv;
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL_US}`];
    const result = await runOnce({ ...command, argv: [node, ...flags, ...args] }, place, pool, writers, length);
    const threads = await readThreads(folder);
    const title = `tilewright serve, ${writers} writers, ${result.rate.toFixed(0)} entries/s`;
    return { result, threads, table: hotTable(threads), svg: flameGraph(title, threads) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readThreads(folder: string): Promise<CallNode[]> {
  const threads: CallNode[] = [];
  for (const file of await readdir(folder)) {
    // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile
    const thread = /\.(\d+)\.\d+\.cpuprofile$/.exec(file)?.[1];
    if (thread === undefined) continue;
    threads.push(
      callTree(await readFile(join(folder, file), 'utf8'), thread === '0' ? 'main thread' : `thread ${thread}`),
    );
  }
  if (threads.length === 0) throw new Error('the server left no profile: did it end in order?');
  return threads.sort((a, b) => b.totalMs - a.totalMs);
}

function hotTable(threads: readonly CallNode[]): string {
  const lines: string[] = [];
  for (const thread of threads) {
    lines.push(`### ${thread.name}: ${(thread.totalMs / 1000).toFixed(1)} s of CPU`, '');
    lines.push('| its own time | function | where |', '| ---: | --- | --- |');
    for (const { name, place, selfMs } of hottest(thread, HOTTEST)) {
      lines.push(`| ${((100 * selfMs) / thread.totalMs).toFixed(1)} % | \`${name}\` | ${place} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}
