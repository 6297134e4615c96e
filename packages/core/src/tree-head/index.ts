export type { TreeHeadKey } from './tree-head.ts';
export { treeHeadMessage, treeHeadVerifier, treeHeadVerifierKey } from './tree-head.ts';
export type { TreeHeadAlgorithm, TreeHeadSignature } from './tree-head-signature.ts';
export { formatTreeHeadSignature, parseTreeHeadSignature, TREE_HEAD_ALGORITHM } from './tree-head-signature.ts';
