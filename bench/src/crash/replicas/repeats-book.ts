import type { Hash } from '@tilewright/core/bytes';
import { EntryBook } from '../judge/entry-book.ts';

/** Replicas find each other's entries a moment after they are published; a duplicate is never taken for new after this. */
const LAG_LIMIT_MS = 30_000;

/** The entries that were sent to several replicas: one may get a second index while the replicas do not know of it yet. */
export class RepeatsBook extends EntryBook {
  readonly #answeredAt = new Map<string, number>();
  readonly #met = new Map<string, Set<number>>();
  /** Longest time from the first answer to an entry to one that gave it a second index, milliseconds. */
  longestLagMs = 0;

  constructor() {
    super(false);
  }

  override answered(leaf: Hash, index: number, isCreated: boolean, known: number | undefined): string | undefined {
    const now = performance.now();
    const key = keyOf(leaf);
    const first = this.#answeredAt.get(key);
    if (first === undefined) this.#answeredAt.set(key, now);
    else if (isCreated) {
      const lagMs = now - first;
      this.longestLagMs = Math.max(this.longestLagMs, lagMs);
      if (lagMs > LAG_LIMIT_MS)
        return `index ${index} was created ${Math.round(lagMs)} ms after its entry was answered`;
    }
    return super.answered(leaf, index, isCreated, known);
  }

  override met(leaf: Hash, index: number): string | undefined {
    const key = keyOf(leaf);
    const indexes = this.#met.get(key) ?? new Set();
    this.#met.set(key, indexes.add(index));
    return super.met(leaf, index);
  }

  /** How many entries have more than one index, as far as the log was read. */
  get repeated(): number {
    return [...this.#met.values()].filter(({ size }) => size > 1).length;
  }
}

function keyOf(leaf: Hash): string {
  return Buffer.from(leaf).toString('latin1');
}
