import { setImmediate as drained } from 'node:timers/promises';
import type { Clock, Entropy, Token } from '@tilewright/log/ports';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/**
 * Time and randomness from one seed. Time stands still while anything can run, then jumps to the next timer: a run
 * with the same seed takes the same course, and hours take no time.
 */
export class World {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly #timers: Timer[] = [];
  #now = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2_147_483_646) + 1;
    this.clock = {
      monotonicMs: () => this.#now,
      wallMs: () => 1_700_000_000_000 + this.#now,
      sleep: (ms, signal) => this.#sleep(ms, signal),
      turn: () => this.#sleep(0, undefined),
    };
    this.entropy = {
      token: () => Uint8Array.from({ length: 16 }, () => this.below(256)) as Uint8Array as Token,
      unit: () => this.unit(),
    };
  }

  /** Uniform in [0, 1): the minimal standard generator of Park and Miller. */
  unit(): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647;
  }

  /** An integer from 0 to `n` - 1. */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  sleep(ms: number): Promise<void> {
    return this.#sleep(ms, undefined);
  }

  /** Runs until `work` is settled. Throws when that takes longer than `limitMs` of this world's time. */
  async run<T>(work: Promise<T>, limitMs: number): Promise<T> {
    let settled = false;
    const end = work.finally(() => {
      settled = true;
    });
    end.catch(() => undefined);
    for (const limit = this.#now + limitMs; ; ) {
      await drained();
      if (settled) return end;
      const timer = this.#timers.shift();
      if (timer === undefined || timer.at > limit) throw new Error(`nothing settles any more at ${this.#now} ms`);
      this.#now = Math.max(this.#now, timer.at);
      timer.ring();
    }
  }

  #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      // A little more than asked for, so that what falls together falls in another order in another run.
      const timer: Timer = { at: this.#now + Math.max(0, ms) + this.unit() / 1000, ring: resolve };
      this.#insert(timer);
      signal?.addEventListener('abort', () => {
        const at = this.#timers.indexOf(timer);
        if (at >= 0) this.#timers.splice(at, 1);
        resolve();
      });
    });
  }

  #insert(timer: Timer): void {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#timers[middle]?.at ?? 0) <= timer.at) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
  }
}
