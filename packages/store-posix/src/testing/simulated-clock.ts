import type { Clock } from '@tilewright/log/ports';

const START_MS = 1_700_000_000_000;

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to move. */
export class SimulatedClock implements Clock {
  #nowMs = 0;
  #sleepers: Sleeper[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return START_MS + this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const sleeper: Sleeper = { dueMs: this.#nowMs + Math.max(0, ms), wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', wake);
    });
  }

  async turn(): Promise<void> {}

  /** Lets time pass, and wakes everyone who is due, in order. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of this.#inOrder()) if (sleeper.dueMs <= this.#nowMs) sleeper.wake();
  }

  /** Moves to the next moment at which somebody wakes; false when nobody sleeps. */
  skip(): boolean {
    const [next] = this.#inOrder();
    if (next === undefined) return false;
    this.advance(Math.max(0, next.dueMs - this.#nowMs));
    return true;
  }

  #inOrder(): Sleeper[] {
    return this.#sleepers.toSorted((a, b) => a.dueMs - b.dueMs);
  }
}
