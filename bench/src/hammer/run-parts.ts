import type { LogVerifier } from '@tilewright/signer';
import { Auditor } from './check/auditor.ts';
import { type CheckCounts, noChecks } from './check/check-counts.ts';
import { CheckpointBook } from './check/checkpoint-book.ts';
import { Follower } from './check/follower.ts';
import { Judge } from './check/judge.ts';
import { Promises } from './check/promises.ts';
import { Stop } from './load/stop.ts';
import { IntegrationClock } from './measure/integration-clock.ts';
import { ReadTally, WriteTally } from './measure/tallies.ts';
import { logReads } from './net/log-reads.ts';
import type { Target } from './target/find-target.ts';
import type { Pools } from './target/open-pools.ts';

/** What writers, readers and checks share. */
export interface RunParts {
  readonly target: Target;
  readonly pools: Pools;
  readonly judge: Judge;
  readonly counts: CheckCounts;
  readonly book: CheckpointBook;
  readonly promises: Promises;
  readonly clock: IntegrationClock;
  readonly follower: Follower;
  /** Undefined when the log does not hold together before anything was written. */
  readonly auditor: Auditor | undefined;
  readonly writes: WriteTally;
  /** Of readers. */
  readonly reads: ReadTally;
  readonly stop: Stop;
}

const LOST_AFTER_MS = 10_000;

/** Puts a run together. `end` fires when even the checks are over. */
export async function makeParts(target: Target, log: LogVerifier, pools: Pools, end: AbortSignal): Promise<RunParts> {
  const judge = new Judge();
  const counts = noChecks();
  const book = new CheckpointBook(log, target.checkpoint, judge, counts);
  const clock = new IntegrationClock();
  const promises = new Promises();
  const { readPath } = target;
  // What the checks read is none of the load.
  const tally = new ReadTally();
  const read = logReads({ pool: pools.reads, readPath, tally, pacer: undefined, signal: end });
  return {
    target,
    pools,
    judge,
    counts,
    book,
    promises,
    clock,
    follower: new Follower({ pool: pools.reads, readPath, book, clock, judge, tally, lostAfterMs: LOST_AFTER_MS }),
    auditor: await Auditor.start({ read, book, promises, judge, counts }),
    writes: new WriteTally(),
    reads: new ReadTally(),
    stop: new Stop(),
  };
}
