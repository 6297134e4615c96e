import type { Hash } from '@tilewright/core/bytes';
import { asTreeSize, equalBytes } from '@tilewright/core/bytes';
import { CompactRange, type Tree } from '@tilewright/core/merkle';

const MOST_VIOLATIONS = 50;

/** What readers may count on. */
export interface Promised {
  /** Largest size of a published checkpoint. */
  readonly size: number;
  /** One more than the largest index that was answered. */
  readonly answers: number;
}

/**
 * Everything that a log has promised to anyone so far, and every promise found broken. It knows no server: it is told
 * what was answered and served, and compares.
 */
export class Ledger {
  readonly violations: string[] = [];
  readonly #acknowledged = new Map<number, Hash>();
  readonly #roots = new Map<number, Hash>();
  readonly #sizes: number[] = [];
  readonly #paths = new Map<string, string>();
  #latest = 0;
  /** Indexes below this were answered, or some of them. */
  #answered = 0;
  #replayed: CompactRange = CompactRange.empty();

  /** An answer promised this index to this leaf. */
  acknowledge(index: number, leaf: Hash): void {
    const earlier = this.#acknowledged.get(index);
    if (earlier !== undefined && !equalBytes(earlier, leaf)) this.violate(`index ${index} was given to two entries`);
    this.#acknowledged.set(index, leaf);
    this.#answered = Math.max(this.#answered, index + 1);
  }

  /** The leaf that an index was promised to. */
  acknowledged(index: number): Hash | undefined {
    return this.#acknowledged.get(index);
  }

  /** A signed checkpoint was seen, in an answer or served. Its signature is the caller's to check. */
  checkpoint(size: number, root: Hash): void {
    const earlier = this.#roots.get(size);
    if (earlier === undefined) {
      if (size < this.#replayed.size) this.violate(`a checkpoint of ${size} came after ${this.#replayed.size} entries`);
      this.#roots.set(size, root);
      this.#sizes.push(size);
    } else if (!equalBytes(earlier, root)) this.violate(`two roots were signed for size ${size}`);
  }

  /** What a checkpoint that is asked for from now on must cover. */
  promised(): Promised {
    return { size: this.#latest, answers: this.#answered };
  }

  /** The published checkpoint had this size; it was asked for when so much was `promised`. */
  published(size: number, promised: Promised = { size: this.#latest, answers: 0 }): void {
    if (size < promised.size) this.violate(`the published checkpoint went from ${promised.size} back to ${size}`);
    else if (size < promised.answers) {
      this.violate(`index ${promised.answers - 1} was answered before its checkpoint: the published one has ${size}`);
    }
    this.#latest = Math.max(this.#latest, size);
  }

  /** A path below tile/ was served, or could have been, with bytes of this digest. */
  served(path: string, digest: string): void {
    const earlier = this.#paths.get(path);
    if (earlier !== undefined && earlier !== digest) this.violate(`${path} was served with two contents`);
    this.#paths.set(path, digest);
  }

  /** A size that a checkpoint had, and its root: the one that `choice`, from 0 up to 1, falls on. */
  earlier(choice: number): Tree | undefined {
    const size = this.#sizes[Math.floor(choice * this.#sizes.length)];
    const root = size === undefined ? undefined : this.#roots.get(size);
    return size === undefined || root === undefined ? undefined : { size: asTreeSize(size), root };
  }

  /** Number of leaves compared so far. */
  get replayedSize(): number {
    return this.#replayed.size;
  }

  /** Starts over at leaf 0: the next leaves are compared again from the first. */
  replayFromStart(): void {
    this.#replayed = CompactRange.empty();
  }

  /**
   * The next leaves as the log holds them now, from `replayedSize` on: compares them with every index promised, and
   * the root at each size that any checkpoint ever had. Agreement with all of them makes each consistent with each
   * later one.
   */
  replay(leaves: readonly Hash[]): void {
    const start = this.#replayed.size;
    const end = start + leaves.length;
    for (const [i, leaf] of leaves.entries()) {
      const promised = this.#acknowledged.get(start + i);
      if (promised !== undefined && !equalBytes(promised, leaf)) this.violate(`index ${start + i} holds another entry`);
    }
    const sizes = [...this.#roots.keys()].filter((size) => size > start && size <= end).sort((a, b) => a - b);
    for (const size of [...sizes, end]) {
      this.#replayed = this.#replayed.extend(leaves.slice(this.#replayed.size - start, size - start));
      const root = this.#roots.get(size);
      if (root !== undefined && size > 0 && !equalBytes(root, this.#replayed.root())) {
        this.violate(`the checkpoint of size ${size} is not of this log`);
      }
    }
  }

  /** To be called when all leaves below the published size were replayed: what was promised must be among them. */
  settle(publishedSize: number): void {
    this.published(publishedSize);
    const lost = [...this.#acknowledged.keys()].filter((index) => index >= publishedSize);
    if (lost.length > 0) this.violate(`${lost.length} acknowledged entries are lost, the first at index ${lost[0]}`);
    const ahead = [...this.#roots.keys()].filter((size) => size > publishedSize);
    if (ahead.length > 0) this.violate(`a checkpoint of ${ahead[0]} was seen, but the log is at ${publishedSize}`);
  }

  /** How much was promised and compared. */
  counts(): { readonly acknowledged: number; readonly checkpoints: number; readonly paths: number } {
    return { acknowledged: this.#acknowledged.size, checkpoints: this.#roots.size, paths: this.#paths.size };
  }

  /** Notes a broken promise, once, and no more than a person reads. */
  violate(what: string): void {
    if (this.violations.length < MOST_VIOLATIONS && !this.violations.includes(what)) this.violations.push(what);
  }
}
