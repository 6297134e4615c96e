import { randomBytes } from 'node:crypto';
import { setTimeout as later, setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Entropy, LogEvent, LogEvents, Token } from '../ports/index.ts';

/** The machine's own clock, for tests and benchmarks against real storage. */
export function realClock(): Clock {
  return {
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    sleep: async (ms, signal) => {
      await later(ms, undefined, { signal }).catch(() => undefined);
    },
    turn: async () => {
      await nextTurn();
    },
  };
}

/** The machine's own randomness. */
export function realEntropy(): Entropy {
  return { token: () => new Uint8Array(randomBytes(16)) as Uint8Array as Token, unit: () => Math.random() };
}

/** Keeps every event. */
export function recordEvents(): LogEvents & { readonly seen: readonly LogEvent[] } {
  const seen: LogEvent[] = [];
  return { seen, emit: (event) => void seen.push(event) };
}
