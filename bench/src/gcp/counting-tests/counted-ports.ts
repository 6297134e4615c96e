import type { Clock } from '@tilewright/log/ports';
import { type MemoryState, openMemoryStore } from '@tilewright/store-memory';
import type { Ports } from './counted-log.ts';

/** What a replica asked of its store. */
export interface PortCounts {
  /** Paths of the objects that were created, in order; those that were there already, too. */
  readonly created: string[];
  /** Checkpoints that were stored. */
  checkpoints: number;
  heads: number;
}

/** What a call over a network takes, milliseconds. */
const CALL_MS = 10;
const NEVER = new AbortController().signal;
/** As the Spanner driver looks at what other replicas did. */
const POLL_MS = 1000;
/** As Cloud Storage allows. */
const INTERVAL_MS = 1100;

/** A replica's ports on `state`, whose calls take time on `clock` and are counted. */
export function countedPorts(state: MemoryState, clock: Clock): { readonly ports: Ports; readonly counts: PortCounts } {
  const { objects, checkpoints, sequence, dedupe } = openMemoryStore({ state, clock, minIntervalMs: INTERVAL_MS });
  const counts: PortCounts = { created: [], checkpoints: 0, heads: 0 };
  const slow = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function' || name === 'changes') return value;
        return async (...args: readonly unknown[]) => {
          if (name === 'create') counts.created.push(String(args[0]));
          if (name === 'replace') counts.checkpoints += 1;
          if (name === 'head') counts.heads += 1;
          await clock.sleep(CALL_MS, NEVER);
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  const polled = { ...slow(sequence), changes: (signal: AbortSignal) => hints(clock, signal) };
  return {
    ports: { objects: slow(objects), checkpoints: slow(checkpoints), sequence: polled, dedupe: slow(dedupe) },
    counts,
  };
}

async function* hints(clock: Clock, signal: AbortSignal): AsyncGenerator<void> {
  for (;;) {
    await clock.sleep(POLL_MS, signal);
    if (signal.aborted) return;
    yield;
  }
}
