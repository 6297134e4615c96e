import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@tilewright/log/ports';

/** Time that passes only where nobody has anything to do: ten minutes are over in a second. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Lets `ms` pass, and everything happen that falls due meanwhile. */
  pass(ms: number): Promise<void>;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Work between two moments takes only microtasks and signatures: after so many turns of the event loop it is done. */
const TURNS = 4;

/** A clock at 0. Work takes no time unless it sleeps. */
export function virtualTime(): VirtualTime {
  let nowMs = 0;
  let sleepers: Sleeper[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        sleepers = sleepers.filter((one) => one !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { dueMs: nowMs + Math.max(0, ms), wake };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  const settle = async (): Promise<void> => {
    for (let left = TURNS; left > 0; left--) await turn();
  };
  return {
    clock: {
      monotonicMs: () => nowMs,
      wallMs: () => 1_800_000_000_000 + nowMs,
      sleep,
      turn: async () => void (await turn()),
    },
    async pass(ms) {
      const end = nowMs + ms;
      for (;;) {
        await settle();
        const due = sleepers.filter(({ dueMs }) => dueMs <= end).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (due === undefined) break;
        nowMs = Math.max(nowMs, due.dueMs);
        due.wake();
      }
      nowMs = end;
    },
  };
}
