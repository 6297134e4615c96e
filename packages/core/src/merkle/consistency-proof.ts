import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import type { LeafRange } from './subtree.ts';
import { type SubtreeHash, subtreeProofRanges, verifySubtree } from './subtree-proof.ts';
import type { Tree } from './tree.ts';

/**
 * The subtrees whose hashes make the proof that the tree of `size` leaves continues the tree of `old` leaves, in proof
 * order (RFC 6962, section 2.1.2). None when `old` is 0 or `size`.
 *
 * @throws CoreError `out-of-range` unless 0 ≤ old ≤ size ≤ 2^53-1.
 */
export function consistencyProofRanges(old: number, size: number): readonly LeafRange[] {
  return subtreeProofRanges(0, old, size);
}

/**
 * Proof that the tree of `size` leaves continues the tree of `old` leaves (RFC 6962, section 2.1.2). Empty when `old`
 * is 0 or `size`.
 *
 * @throws CoreError `out-of-range` unless 0 ≤ old ≤ size ≤ 2^53-1; what `subtreeHash` throws.
 */
export function proveConsistency(old: number, size: number, subtreeHash: SubtreeHash): Hash[] {
  return consistencyProofRanges(old, size).map((range) => subtreeHash(range.start, range.end));
}

/**
 * Checks that the tree `now` continues the tree `old` (RFC 6962, section 2.1.2). An empty `old` must have the empty
 * root and takes an empty proof, as do equal sizes.
 *
 * @throws CoreError `proof-invalid`
 */
export function verifyConsistency(old: Tree, now: Tree, proof: readonly Hash[]): void {
  if (!isCount(old.size) || !isCount(now.size) || old.size > now.size) {
    throw new CoreError('proof-invalid', 'the old tree must not be larger than the new one');
  }
  if (now.size === 0 && !equalBytes(now.root, EMPTY_ROOT)) {
    throw new CoreError('proof-invalid', 'the tree of size 0 has the wrong root');
  }
  verifySubtree(0, old.size, old.root, now, proof);
}
