import type { Hash } from '../bytes/hash-value.ts';
import { EMPTY_ROOT, nodeHash } from '../hash/tree-hash.ts';

/** Root over the hashes of complete subtrees whose widths fall from left to right; the empty root for none. */
export function foldSubtrees(hashes: readonly Hash[]): Hash {
  let root = hashes.at(-1);
  if (root === undefined) return EMPTY_ROOT;
  for (const left of hashes.slice(0, -1).reverse()) root = nodeHash(left, root);
  return root;
}
