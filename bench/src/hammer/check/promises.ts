import { equalBytes, type Hash } from '@tilewright/core/bytes';

/** What an index was answered for. */
export interface Promised {
  readonly index: number;
  readonly leafHash: Hash;
  /** The entry, as long as there is room to keep it. */
  readonly entry: Uint8Array | undefined;
}

const MAX_KEPT_BYTES = 128 * 2 ** 20;

/** Answered indexes that were not compared with the log yet. */
export class Promises {
  readonly #waiting = new Map<number, Promised>();
  /** Further entries for an index that has one. */
  #others: Promised[] = [];
  #keptBytes = 0;
  #highest = -1;

  /** The highest index answered so far; -1 before the first. */
  get highest(): number {
    return this.#highest;
  }

  /** How many wait. */
  get count(): number {
    return this.#waiting.size + this.#others.length;
  }

  /** The lowest index that waits. */
  get lowest(): Promised | undefined {
    let lowest: Promised | undefined;
    for (const promised of this.#all()) if (lowest === undefined || promised.index < lowest.index) lowest = promised;
    return lowest;
  }

  /** An answer gave this index to this entry. */
  add(index: number, leafHash: Hash, entry: Uint8Array): void {
    this.#highest = Math.max(this.#highest, index);
    const twin = this.#waiting.get(index);
    if (twin !== undefined && equalBytes(twin.leafHash, leafHash)) return;
    const isKept = this.#keptBytes + entry.length <= MAX_KEPT_BYTES;
    this.#put({ index, leafHash, entry: isKept ? entry : undefined });
  }

  /** Takes out those below a size. */
  take(size: number): Promised[] {
    const ready = [...this.#all()].filter(({ index }) => index < size);
    for (const { index, entry } of ready) {
      this.#waiting.delete(index);
      this.#keptBytes -= entry?.length ?? 0;
    }
    this.#others = this.#others.filter(({ index }) => index >= size);
    return ready;
  }

  /** What was taken out, and could not be compared. */
  giveBack(taken: readonly Promised[]): void {
    for (const promised of taken) this.#put(promised);
  }

  #put(promised: Promised): void {
    this.#keptBytes += promised.entry?.length ?? 0;
    if (this.#waiting.has(promised.index)) this.#others.push(promised);
    else this.#waiting.set(promised.index, promised);
  }

  *#all(): Generator<Promised> {
    yield* this.#waiting.values();
    yield* this.#others;
  }
}
