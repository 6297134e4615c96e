import { BrokenRule } from './broken-rule.ts';

/** Counts how many bytes of each file were asked for: room that a reader made counts, whether the file filled it or not. */
export class Meter {
  readonly #asked = new Map<string, number>();
  readonly #cap: (path: string) => number;
  #exceeded: string | undefined;

  constructor(cap: (path: string) => number) {
    this.#cap = cap;
  }

  /** `bytes` more of `path` are asked for. Throws beyond its cap, before there is memory for them. */
  ask(path: string, bytes: number): void {
    const asked = (this.#asked.get(path) ?? 0) + bytes;
    this.#asked.set(path, asked);
    const cap = this.#cap(path);
    if (asked <= cap) return;
    this.#exceeded ??= `${asked} bytes of ${path} were asked for, ${cap} are the most that it needs`;
    throw new BrokenRule(this.#exceeded);
  }

  /** Throws when anything went beyond its cap: whoever asked may have caught what it was told. */
  check(): void {
    if (this.#exceeded !== undefined) throw new BrokenRule(this.#exceeded);
  }
}
