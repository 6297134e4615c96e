import type { Clock } from '@tilewright/log/ports';

/** What is known of the database's time is trusted for so long, milliseconds: the two clocks may drift apart. */
const TRUSTED_MS = 60_000;

/**
 * The time of the database, mapped to the local monotonic clock: each answer that names a moment tells that it is at least
 * that late. It is never ahead, and behind by the way of the quickest answer of the last minute. No wall clock is read.
 */
export class DatabaseClock {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #aheadMs: number | undefined;
  #toldAt = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** An answer that has just arrived is of the moment `ms`, milliseconds since 1970. */
  told(ms: number | undefined): void {
    if (ms === undefined) return;
    const now = this.#clock.monotonicMs();
    const aheadMs = ms - now;
    if (this.#aheadMs !== undefined && aheadMs < this.#aheadMs && now - this.#toldAt < TRUSTED_MS) return;
    this.#aheadMs = aheadMs;
    this.#toldAt = now;
  }

  /** Milliseconds since 1970 by the database's clock; undefined before it told anything. */
  now(): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.#clock.monotonicMs() + this.#aheadMs;
  }
}
