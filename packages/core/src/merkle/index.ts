export { CompactRange } from './compact-range.ts';
export { consistencyProofRanges, proveConsistency, verifyConsistency } from './consistency-proof.ts';
export { inclusionProofRanges, proveInclusion, rootFromInclusion, verifyInclusion } from './inclusion-proof.ts';
export { hashTree } from './levels/hash-tree.ts';
export type { LeafRange } from './subtree.ts';
export { completeSubtrees, coveringSubtrees, isSubtree } from './subtree.ts';
export type { SubtreeHash } from './subtree-proof.ts';
export { proveSubtree, subtreeHashFromProof, subtreeProofRanges, verifySubtree } from './subtree-proof.ts';
export type { Tree } from './tree.ts';
