import type { Hash } from '../bytes/hash-value.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { foldSubtrees } from './fold.ts';
import { appendLeaf, appendLeaves } from './levels/append-leaves.ts';
import { countHashes, joinHashes } from './levels/hash-tree.ts';
import { completeSubtrees } from './subtree.ts';

/** So many leaves are worth a call for each level. */
const A_RUN = 4;

/**
 * The least that must be kept of a tree's first `size` leaves to go on appending: one hash for each complete subtree,
 * at most 53. Immutable.
 */
export class CompactRange {
  readonly size: TreeSize;
  /** Hashes of the complete subtrees from left to right, the widest first. */
  readonly hashes: readonly Hash[];

  private constructor(size: TreeSize, hashes: readonly Hash[]) {
    this.size = size;
    this.hashes = hashes;
  }

  /** The range of no leaves. */
  static empty(): CompactRange {
    return new CompactRange(asTreeSize(0), []);
  }

  /**
   * A range as it was kept: one hash for each one-bit of `size`, the widest subtree first.
   *
   * @throws CoreError `out-of-range` for an impossible size, `mismatch` for another number of hashes.
   */
  static from(size: number, hashes: readonly Hash[]): CompactRange {
    const expected = completeSubtrees(0, asTreeSize(size)).length;
    if (hashes.length !== expected) {
      throw new CoreError('mismatch', `a range of ${size} leaves has ${expected} hashes, not ${hashes.length}`);
    }
    return new CompactRange(asTreeSize(size), [...hashes]);
  }

  /**
   * The range with one more leaf, given as its leaf hash.
   *
   * @throws CoreError `out-of-range` beyond 2^53-1 leaves.
   */
  append(leaf: Hash): CompactRange {
    const size = asTreeSize(this.size + 1);
    const hashes = [...this.hashes];
    appendLeaf(hashes, this.size, leaf);
    return new CompactRange(size, hashes);
  }

  /**
   * The range with more leaves, given as their leaf hashes in order: apart, or side by side, 32 bytes each.
   *
   * @throws CoreError `out-of-range` beyond 2^53-1 leaves, `mismatch` for bytes that are no multiple of 32.
   */
  extend(leaves: readonly Hash[] | Uint8Array): CompactRange {
    const count = leaves instanceof Uint8Array ? countHashes(leaves) : leaves.length;
    const size = asTreeSize(this.size + count);
    const hashes = [...this.hashes];
    if (leaves instanceof Uint8Array) appendLeaves(hashes, this.size, leaves);
    else if (count >= A_RUN) appendLeaves(hashes, this.size, joinHashes(leaves));
    else for (const [i, leaf] of leaves.entries()) appendLeaf(hashes, this.size + i, leaf);
    return new CompactRange(size, hashes);
  }

  /** Root of the tree of these leaves (RFC 6962, section 2.1). */
  root(): Hash {
    return foldSubtrees(this.hashes);
  }
}
