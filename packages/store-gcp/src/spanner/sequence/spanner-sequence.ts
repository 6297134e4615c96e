import type { Clock, Entropy, SequenceStore } from '@tilewright/log/ports';
import { timestampMs } from '../rpc/cells.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { append } from './append.ts';
import { ALL_COORDS, coords, headOf } from './coords.ts';
import { advance, collect, freeze, raiseSigned } from './fences.ts';
import { pending } from './pending.ts';
import { Releases } from './release.ts';

/** How a sequence store behaves. */
export interface SequenceOptions {
  /** The pause between two hints of `changes`, milliseconds. */
  readonly pollMs: number;
  /** The pause between two deletions of released rows, milliseconds; 10,000 unless given. */
  readonly releaseMs?: number | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/**
 * Order and fences in Spanner. Any number of replicas may use one set of tables; each number of the state is a row of its
 * own, and a transaction locks only what it compares. `changes` reads nothing: whoever is told looks. Closing it leaves the
 * connection open, which the dedupe index shares.
 */
export function spannerSequence(
  connection: SpannerConnection,
  { pollMs, releaseMs = 10_000, clock }: SequenceOptions,
): SequenceStore {
  const releases = new Releases(connection, releaseMs);
  const closed = new AbortController();
  return {
    head: () =>
      connection.retry('read the head', async () => {
        const { rows, readTimestamp } = await connection.read(ALL_COORDS);
        return headOf(rows, timestampMs(readTimestamp));
      }),
    append: (entries, token, signal) => append(connection, entries, token, signal),
    pending: (max) => connection.retry('read what is pending', () => pending(connection, max)),
    advance: (from, to) => advance(connection, from, to),
    raiseSigned: (to, minAgeMs, ahead) => raiseSigned(connection, to, minAgeMs, ahead),
    release: (below) => releases.below(below),
    collect: (from, to) => collect(connection, from, to),
    freeze: (atMs) => freeze(connection, atMs),
    changes: (signal) => hints(clock, pollMs, AbortSignal.any([signal, closed.signal, connection.closing])),
    // Whether it answers at all.
    room: async () => (await connection.read(coords('next'))).rows.length > 0,
    close: async () => closed.abort(),
  };
}

async function* hints(clock: Clock, pollMs: number, signal: AbortSignal): AsyncGenerator<void> {
  for (;;) {
    await clock.sleep(pollMs, signal);
    if (signal.aborted) return;
    yield;
  }
}
