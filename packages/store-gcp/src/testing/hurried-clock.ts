import { setTimeout as later, setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@tilewright/log/ports';

/** A clock on which `factor` milliseconds pass in each real one: minutes of patience are over in seconds. */
export function hurriedClock(factor: number): Clock {
  const started = performance.now();
  const monotonicMs = (): number => (performance.now() - started) * factor;
  return {
    monotonicMs,
    wallMs: () => 1_800_000_000_000 + monotonicMs(),
    sleep: async (ms, signal) => {
      await later(ms / factor, undefined, { signal }).catch(() => undefined);
    },
    turn: async () => {
      await nextTurn();
    },
  };
}
