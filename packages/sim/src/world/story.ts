/** Tells a history in words: a person reads it when a promise is broken. Nothing is kept unless somebody listens. */
export class Story {
  readonly #lines: string[] | undefined;

  constructor(told: boolean) {
    this.#lines = told ? [] : undefined;
  }

  tell(line: string): void {
    this.#lines?.push(line);
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }
}
