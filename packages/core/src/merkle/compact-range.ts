import type { Hash } from '../bytes/hash-value.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { nodeHash } from '../hash/tree-hash.ts';
import { foldSubtrees } from './fold.ts';
import { completeSubtrees } from './subtree.ts';

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
    return this.extend([leaf]);
  }

  /**
   * The range with more leaves, given as their leaf hashes in order.
   *
   * @throws CoreError `out-of-range` beyond 2^53-1 leaves.
   */
  extend(leaves: readonly Hash[]): CompactRange {
    const size = asTreeSize(this.size + leaves.length);
    const hashes = [...this.hashes];
    let count: number = this.size;
    for (const leaf of leaves) {
      let node = leaf;
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = hashes.pop();
        if (left !== undefined) node = nodeHash(left, node);
      }
      hashes.push(node);
      count += 1;
    }
    return new CompactRange(size, hashes);
  }

  /** Root of the tree of these leaves (RFC 6962, section 2.1). */
  root(): Hash {
    return foldSubtrees(this.hashes);
  }
}
