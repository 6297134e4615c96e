/** Something whose time can run out. */
export interface Expiring {
  /** Milliseconds on the monotonic clock. */
  readonly startedAt: number;
  expire(): void;
}

/** How often the oldest waiting requests are looked at, milliseconds. */
const SWEEP_MS = 100;

/**
 * One timer for the many requests that share one time limit: they are kept in the order of their start, so a sweep looks
 * only at the front. A timer for each would cost more than the request's own bookkeeping.
 */
export class Deadlines {
  readonly #limitMs: number;
  readonly #nowMs: () => number;
  readonly #waiting = new Set<Expiring>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, nowMs: () => number) {
    this.#limitMs = limitMs;
    this.#nowMs = nowMs;
  }

  add(item: Expiring): void {
    this.#waiting.add(item);
    this.#timer ??= setInterval(() => this.#sweep(), Math.min(SWEEP_MS, this.#limitMs)).unref();
  }

  remove(item: Expiring): void {
    this.#waiting.delete(item);
  }

  /** Stops the timer; what still waits is not expired. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #sweep(): void {
    const oldest = this.#nowMs() - this.#limitMs;
    for (const item of this.#waiting) {
      if (item.startedAt > oldest) return;
      this.#waiting.delete(item);
      item.expire();
    }
  }
}
