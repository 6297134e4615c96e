export { HASH_SIZE } from '../bytes/hash-value.ts';
export type { Sha256Backend } from './sha256-backend.ts';
export { EMPTY_ROOT, hashNodes, leafHash, nodeHash, sha256, sha256Backend } from './tree-hash.ts';
