import { setTimeout as later } from 'node:timers/promises';
import type { Clock, DedupeIndex, SequenceStore, Token } from '@tilewright/log/ports';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { type GrpcFault, GrpcProxy } from '../../testing/grpc-proxy.ts';
import type { SpannerEmulator } from '../../testing/spanner-emulator.ts';
import { connectSpanner } from '../connect-spanner.ts';
import { spannerDedupe } from '../dedupe/spanner-dedupe.ts';
import { initSchema } from '../schema/init-schema.ts';
import { spannerSequence } from '../sequence/spanner-sequence.ts';
import type { SpannerConnection, SpannerWorld } from '../spanner-connection.ts';

/** A call that nobody answers is given up after so many milliseconds here. */
const CALL_MS = 250;
/** Time runs so many times faster here. */
const HASTE = 20;

/** A clock on which waiting, and running out of patience, takes less long. */
function hastyClock(): Clock {
  return {
    ...realClock(),
    monotonicMs: () => performance.now() * HASTE,
    sleep: async (ms, signal) => {
      await later(ms / HASTE, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** One replica's stores on a connection. */
export interface Opening {
  readonly connection: SpannerConnection;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex;
}

/** A new log on the emulator: one replica behind a proxy, and another one, or an observer, whose calls go straight there. */
export interface TroubledSpanner {
  readonly proxy: GrpcProxy;
  readonly troubled: Opening;
  readonly clear: Opening;
  /** Runs before the next try of a call that failed. */
  betweenTries(act: () => Promise<void>): void;
  /** What was tried again. */
  readonly tries: readonly string[];
  stop(): Promise<void>;
}

async function open(place: Parameters<typeof connectSpanner>[0], world: SpannerWorld): Promise<Opening> {
  const connection = await connectSpanner(place, world);
  const options = { pollMs: 1000, clock: world.clock, entropy: world.entropy };
  return { connection, sequence: spannerSequence(connection, options), dedupe: spannerDedupe(connection) };
}

export async function troubledSpanner(emulator: SpannerEmulator): Promise<TroubledSpanner> {
  const place = emulator.place();
  const proxy = await GrpcProxy.start(emulator.host);
  const tries: string[] = [];
  let between: (() => Promise<void>) | undefined;
  let acting: Promise<void> = Promise.resolve();
  const clock = hastyClock();
  const world = { clock, entropy: realEntropy(), callTimeoutMs: CALL_MS };
  const clear = await open(place, { ...world, callTimeoutMs: 10_000 });
  await initSchema(clear.connection, { create: true });
  const waiting: Clock = {
    ...clock,
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      const act = between;
      between = undefined;
      if (act !== undefined) acting = act();
      await acting;
    },
  };
  const onRetry: SpannerWorld['onRetry'] = (what) => void tries.push(what);
  const troubled = await open({ ...place, emulator: proxy.host }, { ...world, clock: waiting, onRetry });
  return {
    proxy,
    troubled,
    clear,
    tries,
    betweenTries: (act) => {
      between = act;
    },
    stop: async () => {
      await troubled.connection.close();
      await clear.connection.close();
      await proxy.stop();
    },
  };
}

/** Every way in which one call goes wrong, by name. */
export const TROUBLES: Readonly<Record<string, Pick<GrpcFault, 'when' | 'trouble'>>> = Object.fromEntries(
  (['before', 'after'] as const).flatMap((when) => [
    ...Object.entries({ ABORTED: 10, UNAVAILABLE: 14, DEADLINE_EXCEEDED: 4, RESOURCE_EXHAUSTED: 8, INTERNAL: 13 }).map(
      ([name, status]) => [`${name} ${when} it took effect`, { when, trouble: { status } }],
    ),
    [`a connection that is reset ${when} it took effect`, { when, trouble: 'reset' }],
    [`no answer, ${when} it took effect`, { when, trouble: 'silence' }],
  ]),
);

/** A token that is the same for the same number. */
export function tokenOf(n: number): Token {
  return new Uint8Array(16).fill(n) as Uint8Array as Token;
}
