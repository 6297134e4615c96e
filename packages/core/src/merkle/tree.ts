import type { Hash } from '../bytes/hash-value.ts';
import type { TreeSize } from '../bytes/tree-numbers.ts';

/** A Merkle tree as its size and root say it (RFC 6962, section 2.1). */
export interface Tree {
  readonly size: TreeSize;
  readonly root: Hash;
}
