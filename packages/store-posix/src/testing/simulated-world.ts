import type { Entropy, LogEvent, LogEvents, Token } from '@tilewright/log/ports';
import { SimulatedClock } from './simulated-clock.ts';

/** A clock that stands still, randomness that repeats, and events that are kept. */
export interface SimulatedWorld {
  readonly clock: SimulatedClock;
  readonly entropy: Entropy;
  readonly events: LogEvents & { readonly seen: readonly LogEvent[] };
}

/** The world of one simulated process. Worlds of other seeds draw other tokens. */
export function simulatedWorld(seed: number): SimulatedWorld {
  let drawn = 0;
  const seen: LogEvent[] = [];
  return {
    clock: new SimulatedClock(),
    entropy: {
      token: () => {
        const token = new Uint8Array(16);
        const view = new DataView(token.buffer);
        view.setUint32(0, seed);
        view.setUint32(8, ++drawn);
        return token as Uint8Array as Token;
      },
      unit: () => (++drawn % 1000) / 1000,
    },
    events: { seen, emit: (event) => void seen.push(event) },
  };
}
