import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import type { LeafRange } from './subtree.ts';
import { type SubtreeHash, subtreeHashFromProof, subtreeProofRanges } from './subtree-proof.ts';
import type { Tree } from './tree.ts';

/**
 * The subtrees whose hashes make the inclusion proof of leaf `index` in a tree of `size` leaves, from the leaf to the
 * root (RFC 6962, section 2.1.1).
 *
 * @throws CoreError `out-of-range` unless 0 ≤ index < size ≤ 2^53-1.
 */
export function inclusionProofRanges(index: number, size: number): readonly LeafRange[] {
  return subtreeProofRanges(index, index + 1, size);
}

/**
 * Inclusion proof of leaf `index` in a tree of `size` leaves, from the leaf to the root (RFC 6962, section 2.1.1).
 *
 * @throws CoreError `out-of-range` unless 0 ≤ index < size ≤ 2^53-1; what `subtreeHash` throws.
 */
export function proveInclusion(index: number, size: number, subtreeHash: SubtreeHash): Hash[] {
  return inclusionProofRanges(index, size).map((range) => subtreeHash(range.start, range.end));
}

/**
 * The root that an inclusion proof leads to. Whoever calls this compares it with a trusted root.
 *
 * @throws CoreError `proof-invalid` unless 0 ≤ index < size, or when the proof has another length than it must.
 */
export function rootFromInclusion(leafHash: Hash, index: number, size: number, proof: readonly Hash[]): Hash {
  const root =
    isCount(index) && index < size ? subtreeHashFromProof(index, index + 1, size, leafHash, proof).root : undefined;
  if (root === undefined) {
    throw new CoreError('proof-invalid', 'the index of an inclusion proof must be below the size of the tree');
  }
  return root;
}

/**
 * Checks that `leafHash` is leaf `index` of `tree` (RFC 6962, section 2.1.1).
 *
 * @throws CoreError `proof-invalid`
 */
export function verifyInclusion(leafHash: Hash, index: number, tree: Tree, proof: readonly Hash[]): void {
  if (!equalBytes(rootFromInclusion(leafHash, index, tree.size, proof), tree.root)) {
    throw new CoreError('proof-invalid', `the inclusion proof of leaf ${index} does not lead to the root of the tree`);
  }
}
