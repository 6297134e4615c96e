/** Tells a history in words, and counts what happened in it. */
export class Story {
  readonly #lines: string[] | undefined;
  /** How often each thing happened. */
  readonly counts: Map<string, number> = new Map();

  /** Words are kept only when somebody will read them. */
  constructor(told: boolean) {
    this.#lines = told ? [] : undefined;
  }

  /** Whether words are kept: making them up takes time. */
  get isTold(): boolean {
    return this.#lines !== undefined;
  }

  tell(line: string): void {
    this.#lines?.push(line);
  }

  /** One more of `what`. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }
}
