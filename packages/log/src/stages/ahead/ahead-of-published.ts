import type { Publication } from '../../intake/publication.ts';

/** What entries were answered with before it was published: the newest of it, and since when the world lacks it. */
export class AheadOfPublished {
  readonly #mostMs: number;
  #newest: Publication | undefined;
  /** Sizes that are not published yet, in order, and when each was answered with. */
  #open: { readonly size: number; readonly sinceMs: number }[] = [];

  /** `mostMs`: published must be what was answered with so long ago. */
  constructor(mostMs: number) {
    this.#mostMs = mostMs;
  }

  /** The newest that was kept, published meanwhile or not. */
  get newest(): Publication | undefined {
    return this.#newest;
  }

  /** Something was answered that is not published. */
  get isAny(): boolean {
    return this.#open.length > 0;
  }

  /** Entries are answered with `signed` from now on. Sizes rise only. */
  kept(signed: Publication, nowMs: number): void {
    this.#newest = signed;
    this.#open.push({ size: signed.tree.size, sinceMs: nowMs });
  }

  /** The world sees a checkpoint of `size` entries. */
  published(size: number): void {
    this.#open = this.#open.filter((one) => one.size > size);
  }

  /** For how long too long the world has lacked what somebody was answered with, in milliseconds; nothing while it is in time. */
  lateMs(nowMs: number): number | undefined {
    const behindMs = nowMs - (this.#open[0]?.sinceMs ?? nowMs);
    return behindMs > this.#mostMs ? behindMs : undefined;
  }
}
