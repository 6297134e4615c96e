import type { Log, NewEntry } from '@tilewright/log';
import { type BenchLog, entryMaker, openBenchLog } from './open-bench-log.ts';

/** One way of adding entries, without HTTP. */
export interface ThroughputCase extends BenchLog {
  readonly entryBytes: number;
  /** Entries that one caller hands over at once. */
  readonly aCall: number;
  /** Entries that are under way at one time. */
  readonly inFlight: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What came of it. Every entry counted is durable, and a published checkpoint covers it with a verified proof. */
export interface ThroughputFigures {
  /** Entries a second. */
  readonly rate: number;
  /** CPU of the process, microseconds an entry: entries are made in it too. */
  readonly cpuMicroseconds: number;
  readonly residentMiB: number;
}

/** Opens a log and adds entries for a time. */
export async function measureThroughput(task: ThroughputCase): Promise<ThroughputFigures> {
  const { inFlight, aCall, entryBytes, warmUpSeconds, seconds } = task;
  const log = await openBenchLog(task, { outstanding: { maxEntries: 2 * inFlight, maxBytes: 2 ** 30 } });
  const feed = feeder(log, entryMaker(entryBytes, 0), aCall, Math.ceil(inFlight / aCall));
  await feed(warmUpSeconds);
  const before = process.cpuUsage();
  const started = performance.now();
  const added = await feed(seconds);
  const elapsed = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const residentMiB = process.memoryUsage.rss() / 2 ** 20;
  await log.close({ timeoutMs: 60_000 });
  return { rate: added / elapsed, cpuMicroseconds: (user + system) / added, residentMiB };
}

/** A function that adds entries for so many seconds, by `callers` callers of `aCall` entries each; how many were added. */
export function feeder(
  log: Pick<Log, 'add'>,
  make: () => NewEntry,
  aCall: number,
  callers: number,
): (seconds: number, most?: number) => Promise<number> {
  return async (seconds, most = Number.POSITIVE_INFINITY) => {
    const end = performance.now() + seconds * 1000;
    let given = 0;
    let added = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < end && given < most) {
        given += aCall;
        await Promise.all(Array.from({ length: aCall }, () => log.add(make())));
        added += aCall;
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return added;
  };
}
