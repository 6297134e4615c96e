import type { Token } from './sequence-store.ts';

/** Time. Rules of safety read only the monotonic clock; wall time is for display. */
export interface Clock {
  /** Milliseconds since some fixed instant; never goes back. */
  monotonicMs(): number;
  /** Milliseconds since 1970; may jump. */
  wallMs(): number;
  /** Resolves after `ms`, or at once (without an error) when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Resolves in a later turn of the event loop, so that what is ready now can join. */
  turn(): Promise<void>;
}

/** Randomness; seeded in tests. */
export interface Entropy {
  /** 16 random bytes. */
  token(): Token;
  /** Uniform in [0, 1). */
  unit(): number;
}
