/** Why writing ended: enough leaves, enough time, no prepared request left, a violation, or a log that takes no more. */
export type Ending = 'goal' | 'time' | 'requests' | 'violation' | 'frozen';

/** The end of the writing; the first reason counts. */
export class Stop {
  readonly #controller = new AbortController();
  #ending: Ending | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  end(ending: Ending): void {
    this.#ending ??= ending;
    this.#controller.abort();
  }
}
