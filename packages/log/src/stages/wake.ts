import type { Clock } from '../ports/index.ts';

/**
 * A level-triggered wake-up for one waiting loop: a wake that comes before the wait is not lost,
 * and many wakes before one wait count once.
 */
export class Wake {
  #due = false;
  #release: (() => void) | undefined;

  wake(): void {
    this.#due = true;
    this.#release?.();
  }

  /** Resolves at the next (or an unconsumed earlier) wake. */
  async wait(): Promise<void> {
    if (!this.#due) {
      await new Promise<void>((resolve) => {
        this.#release = resolve;
      });
      this.#release = undefined;
    }
    this.#due = false;
  }

  /** Resolves at a wake or after `ms`, whichever is first. */
  async waitAtMost(ms: number, clock: Clock): Promise<void> {
    if (this.#due || ms <= 0) {
      this.#due = false;
      return;
    }
    const timeout = new AbortController();
    await Promise.race([
      clock.sleep(ms, timeout.signal),
      new Promise<void>((resolve) => {
        this.#release = resolve;
      }),
    ]);
    timeout.abort();
    this.#release = undefined;
    this.#due = false;
  }
}
