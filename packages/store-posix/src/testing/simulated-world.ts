import type { Clock, Entropy, LogEvent, LogEvents, Token } from '@tilewright/log/ports';

/** A clock that moves only when it is told to, randomness that repeats, and events that are kept. */
export interface SimulatedWorld {
  readonly clock: Clock & { advance(ms: number): void };
  readonly entropy: Entropy;
  readonly events: LogEvents & { readonly seen: readonly LogEvent[] };
}

const START_MS = 1_700_000_000_000;

/** The world of one simulated process. Worlds of other seeds draw other tokens. */
export function simulatedWorld(seed: number): SimulatedWorld {
  let nowMs = 0;
  let drawn = 0;
  const seen: LogEvent[] = [];
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return {
    clock: {
      advance,
      monotonicMs: () => nowMs,
      wallMs: () => START_MS + nowMs,
      sleep: async (ms, signal) => {
        if (!signal.aborted) advance(ms);
      },
      turn: async () => {},
    },
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
