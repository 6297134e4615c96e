const FIRST_MS = 50;
const LAST_MS = 5000;

/** How long to wait before a thread that died is replaced: longer each time, until one has come up. */
export class RestartPause {
  #ms = FIRST_MS;

  /** Calls `start` when the pause is over. Nothing waits for it: a process that has nothing else to do ends. */
  over(start: () => void): void {
    setTimeout(start, this.#ms).unref();
    this.#ms = Math.min(LAST_MS, this.#ms * 2);
  }

  /** A thread came up: the next pause is the first one again. */
  succeeded(): void {
    this.#ms = FIRST_MS;
  }
}
