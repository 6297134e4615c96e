import { say } from '../cli/run-main.ts';

/** A terminal sends one Ctrl-C to every process of the command, and they pass it on. */
const SAME_MS = 1_000;

/** Whether somebody wants the run to end: the first signal asks for an end in order, a later one ends at once. */
export class StopRequest {
  #atMs: number | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      // Else the process would end at the first one, in the middle of a fault.
      process.removeAllListeners(signal);
      process.on(signal, () => this.#make());
    }
  }

  get isMade(): boolean {
    return this.#atMs !== undefined;
  }

  #make(): void {
    const now = performance.now();
    if (this.#atMs === undefined) {
      this.#atMs = now;
      say('ending in order; once more ends it at once');
    } else if (now - this.#atMs > SAME_MS) process.exit(130);
  }
}
