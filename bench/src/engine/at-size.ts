import { type BenchLog, entryMaker, openBenchLog } from './open-bench-log.ts';
import { feeder } from './throughput.ts';

/** A log that is taken to a size, and looked at there. */
export interface SizeCase extends BenchLog {
  readonly entryBytes: number;
  readonly size: number;
  /** Entries that are added at that size, and measured. */
  readonly measured: number;
}

/** What a log of that size costs. */
export interface SizeFigures {
  readonly entries: number;
  /** From nothing to ready for entries. */
  readonly openMs: number;
  /** Resident memory when it is open. */
  readonly openMiB: number;
  /** Highest resident memory while entries were added. */
  readonly peakMiB: number;
  /** CPU of the process, microseconds an entry. */
  readonly cpuMicroseconds: number;
  readonly rate: number;
}

const IN_FLIGHT = 4096;
const A_CALL = 64;
const SAMPLE_MS = 50;
/** Longer than it ever takes: the number of entries is what ends it. */
const A_DAY_SECONDS = 86_400;

/** Takes the log to the size, in a process of its own: how many entries it has then. */
export async function grow(task: SizeCase, say: (done: number) => void): Promise<number> {
  const log = await openBenchLog(task, { outstanding: { maxEntries: 2 * IN_FLIGHT, maxBytes: 2 ** 30 } });
  const { size } = log.published().tree;
  const feed = feeder(log, entryMaker(task.entryBytes, size), A_CALL, IN_FLIGHT / A_CALL);
  const telling = setInterval(() => say(log.published().tree.size), 5_000);
  await feed(A_DAY_SECONDS, task.size - size);
  clearInterval(telling);
  await log.close({ timeoutMs: 60_000 });
  return log.published().tree.size;
}

/** Opens a log that has its size, in a process of its own, and adds entries to it. */
export async function measureAtSize(task: SizeCase): Promise<SizeFigures> {
  const started = performance.now();
  const log = await openBenchLog(task, { outstanding: { maxEntries: 2 * IN_FLIGHT, maxBytes: 2 ** 30 } });
  const openMs = performance.now() - started;
  const openMiB = process.memoryUsage.rss() / 2 ** 20;
  const { size } = log.published().tree;
  const feed = feeder(log, entryMaker(task.entryBytes, size), A_CALL, IN_FLIGHT / A_CALL);
  let peakMiB = openMiB;
  const sampling = setInterval(() => {
    peakMiB = Math.max(peakMiB, process.memoryUsage.rss() / 2 ** 20);
  }, SAMPLE_MS);
  // Half of them warm up: compilation would look like a cost of the first size.
  await feed(A_DAY_SECONDS, task.measured / 2);
  const before = process.cpuUsage();
  const measuring = performance.now();
  const added = await feed(A_DAY_SECONDS, task.measured);
  const seconds = (performance.now() - measuring) / 1000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(sampling);
  await log.close({ timeoutMs: 60_000 });
  return { entries: size, openMs, openMiB, peakMiB, cpuMicroseconds: (user + system) / added, rate: added / seconds };
}
