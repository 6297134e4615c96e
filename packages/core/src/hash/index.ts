export { HASH_SIZE } from '../bytes/hash-value.ts';
export { selectBackend, sha256Backend } from './active-backend.ts';
export type { BackendName, Sha256Backend } from './sha256-backend.ts';
export { EMPTY_ROOT, hashLeaves, hashNodes, leafHash, nodeHash, sha256 } from './tree-hash.ts';
