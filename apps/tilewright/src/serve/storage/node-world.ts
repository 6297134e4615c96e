import { randomBytes } from 'node:crypto';
import type { Clock, Entropy, Token } from '@tilewright/log/ports';

/** The machine's time. */
export const nodeClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    }),
  turn: () => new Promise((resolve) => setImmediate(resolve)),
};

/** The machine's randomness. */
export const nodeEntropy: Entropy = {
  token: () => Uint8Array.from(randomBytes(16)) as Uint8Array as Token,
  unit: () => Math.random(),
};
