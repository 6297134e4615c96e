import type { Clock, Entropy } from '@tilewright/log/ports';
import { GcpError } from '../../gcp-error.ts';
import { type Row, timestampMs } from './cells.ts';
import type { Mutation, PrecommitToken, ReadSpec, SpannerCalls } from './spanner-calls.ts';
import { isTransactionLost, mayHaveCommitted, UnknownCommit } from './status.ts';

/** What a transaction is to do with what it read. */
export type Decision<T> =
  /** Nothing: its locks are let go. */
  | { readonly leave: T }
  /** `mutations` are committed; `done` is the answer once they are. */
  | { readonly mutations: Mutation[]; readonly done: (committedMs: number) => T };

/** How transactions run. */
export interface Running {
  readonly oneByOne: <U>(write: () => Promise<U>) => Promise<U>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signal: AbortSignal;
  /** A commit took effect at this moment of the database. */
  readonly committed: (ms: number) => void;
}

/** Pauses after ABORTED, milliseconds: another transaction was in the way, and a transaction takes a few of them. */
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;
/** Milliseconds for which ABORTED is answered with another attempt. */
const PATIENCE_MS = 10_000;
/** So often a commit may ask to be sent again with another token before something is wrong. */
const MOST_TOKENS = 10;

/** Exclusive: of transactions that race, the later waits instead of being aborted at its end. */
const EXCLUSIVE = { lockHint: 'LOCK_HINT_EXCLUSIVE' } as const;

/** Runs one read-write transaction; one that Spanner aborted is no failure but another attempt, from its beginning. */
export async function transact<T>(
  calls: SpannerCalls,
  spec: ReadSpec,
  decide: (rows: readonly Row[]) => Decision<T>,
  how: Running,
): Promise<T> {
  const end = how.clock.monotonicMs() + PATIENCE_MS;
  let previous: Uint8Array | undefined;
  const seen = (id: Uint8Array): void => {
    previous = id;
  };
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await how.oneByOne(() => attempt(calls, spec, decide, how, previous, seen));
    } catch (error) {
      if (!isTransactionLost(error) || how.signal.aborted || how.clock.monotonicMs() >= end) throw error;
    }
    await how.clock.sleep(pause * (0.5 + how.entropy.unit()), how.signal);
  }
}

async function attempt<T>(
  calls: SpannerCalls,
  spec: ReadSpec,
  decide: (rows: readonly Row[]) => Decision<T>,
  how: Running,
  previous: Uint8Array | undefined,
  seen: (id: Uint8Array) => void,
): Promise<T> {
  // An attempt that says which one it repeats keeps its place in the queue; regular sessions take no notice.
  const readWrite = previous === undefined ? {} : { multiplexedSessionPreviousTransactionId: previous };
  const { rows, metadata, precommitToken } = await calls.read(spec, { begin: { readWrite } }, EXCLUSIVE);
  const id = metadata?.id;
  if (!(id instanceof Uint8Array) || id.length === 0) throw new GcpError('failed', 'Spanner began no transaction');
  seen(id);
  let decision: Decision<T>;
  try {
    decision = decide(rows);
  } catch (error) {
    await calls.rollback(id);
    throw error;
  }
  if ('leave' in decision) {
    await calls.rollback(id);
    return decision.leave;
  }
  const committedMs = await commit(calls, id, decision.mutations, precommitToken ?? undefined);
  how.committed(committedMs);
  return decision.done(committedMs);
}

/** COMMIT POINT of everything that is written under a lock. A status that does not exclude it counts as unknown. */
async function commit(
  calls: SpannerCalls,
  id: Uint8Array,
  mutations: Mutation[],
  first: PrecommitToken | undefined,
): Promise<number> {
  let token = first;
  for (let sent = 0; sent < MOST_TOKENS; sent++) {
    const answer = await calls.commit(id, mutations, token).catch((cause: unknown) => {
      if (mayHaveCommitted(cause)) throw new UnknownCommit('nobody knows whether a commit took effect', { cause });
      throw cause;
    });
    const committedMs = timestampMs(answer.commitTimestamp);
    if (committedMs !== undefined) return committedMs;
    // A multiplexed session may want the commit once more, with this token: so far nothing is committed.
    if (!answer.precommitToken) break;
    token = answer.precommitToken;
  }
  throw new UnknownCommit('Spanner did not say that it committed');
}
