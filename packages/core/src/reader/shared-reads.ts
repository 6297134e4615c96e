import type { ReadSignal } from './read-object.ts';

interface Reading<T> {
  readonly result: Promise<T>;
  readonly signal: ReadSignal | undefined;
}

/** What was read lately, or is being read: those who ask at the same time share one read. Failures are forgotten. */
export class SharedReads<T> {
  readonly #limit: number;
  /** In order of last use. */
  readonly #readings = new Map<string, Reading<T>>();

  /** @param limit how many results are kept, from 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The result for `key`: a kept one, or that of `start`. Who gives up ends nobody else's read. */
  async get(key: string, signal: ReadSignal | undefined, start: () => Promise<T>): Promise<T> {
    for (;;) {
      const reading = this.#readings.get(key) ?? { result: start(), signal };
      this.#keep(key, reading);
      try {
        return await reading.result;
      } catch (error) {
        const othersEnd = reading.signal !== signal && reading.signal?.aborted === true;
        if (!othersEnd || signal?.aborted === true) throw error;
      }
    }
  }

  #keep(key: string, reading: Reading<T>): void {
    const isNew = !this.#readings.delete(key);
    this.#readings.set(key, reading);
    if (!isNew) return;
    reading.result.catch(() => {
      if (this.#readings.get(key) === reading) this.#readings.delete(key);
    });
    const oldest = this.#readings.keys().next().value;
    if (this.#readings.size > this.#limit && oldest !== undefined) this.#readings.delete(oldest);
  }
}
