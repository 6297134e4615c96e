/** Lets at most so many tasks run at one time; the others wait their turn. */
export class Gate {
  readonly #limit: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  /** @param limit from 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs a task when there is room, and returns what it returns. */
  async pass<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      const next = this.#queue.shift();
      // Whoever comes next takes over the place.
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
