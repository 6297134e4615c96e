import type { Clock, Entropy, LogEvent, LogEvents, Token } from '@tilewright/log/ports';
import type { Schedule } from './schedule.ts';

const START_MS = 1_700_000_000_000;

/** Time, randomness and events of one simulated process; they end with it. */
export interface ProcessWorld {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly events: LogEvents & { readonly seen: readonly LogEvent[] };
}

/** Reproducible numbers for the `number`th process of a history: no other process draws the same token. */
export function processEntropy(number: number): Entropy {
  let drawn = 0;
  return {
    token: () => {
      const token = new Uint8Array(16);
      const view = new DataView(token.buffer);
      view.setUint32(0, number);
      view.setUint32(4, ++drawn);
      return token as Uint8Array as Token;
    },
    unit: () => (++drawn % 97) / 97,
  };
}

/** The world of the process `owner`, the `number`th of its history. */
export function processWorld(schedule: Schedule, owner: object, number: number): ProcessWorld {
  const seen: LogEvent[] = [];
  return {
    clock: {
      monotonicMs: () => schedule.nowMs,
      wallMs: () => START_MS + schedule.nowMs,
      sleep: (ms, signal) => schedule.sleep(owner, ms, signal),
      turn: () => schedule.step(owner),
    },
    entropy: processEntropy(number),
    events: { seen, emit: (event) => void seen.push(event) },
  };
}
