import { asHash, HASH_SIZE, type Hash } from '../../bytes/hash-value.ts';
import { CoreError } from '../../core-error.ts';
import { EMPTY_ROOT, hashNodes } from '../../hash/tree-hash.ts';

// A power of two, so that only the last of the subtrees can be incomplete.
const SUBTREE_WIDTH = 2048;

/**
 * Root of the tree of these leaves, whose hashes stand side by side, 32 bytes each (RFC 6962, section 2.1).
 *
 * @throws CoreError `mismatch` when the length is no multiple of 32.
 */
export function hashTree(leafHashes: Uint8Array): Hash {
  const size = countHashes(leafHashes);
  if (size === 0) return EMPTY_ROOT;
  const roots = new Uint8Array(HASH_SIZE * Math.ceil(size / SUBTREE_WIDTH));
  const nodes = new Uint8Array(HASH_SIZE * Math.min(size, SUBTREE_WIDTH));
  for (let from = 0; from < size; from += SUBTREE_WIDTH) {
    const count = Math.min(size - from, SUBTREE_WIDTH);
    nodes.set(leafHashes.subarray(HASH_SIZE * from, HASH_SIZE * (from + count)));
    foldInPlace(nodes, count);
    roots.set(nodes.subarray(0, HASH_SIZE), HASH_SIZE * (from / SUBTREE_WIDTH));
  }
  foldInPlace(roots, roots.length / HASH_SIZE);
  return asHash(roots.slice(0, HASH_SIZE));
}

/**
 * Root over the first `count` ≥ 1 of the nodes side by side, into the place of the first; the others are used up. A last
 * node without a sibling moves up as it is.
 */
export function foldInPlace(nodes: Uint8Array, count: number): void {
  for (let width = count; width > 1; ) {
    const pairs = Math.floor(width / 2);
    hashNodes(nodes, nodes, pairs);
    if (width % 2 === 1) nodes.copyWithin(HASH_SIZE * pairs, HASH_SIZE * (width - 1), HASH_SIZE * width);
    width -= pairs;
  }
}

/**
 * How many hashes stand in these bytes.
 *
 * @throws CoreError `mismatch` when the length is no multiple of 32.
 */
export function countHashes(bytes: Uint8Array): number {
  const count = bytes.length / HASH_SIZE;
  if (!Number.isInteger(count)) {
    throw new CoreError('mismatch', `hashes side by side have a multiple of ${HASH_SIZE} bytes, not ${bytes.length}`);
  }
  return count;
}

/** Hashes side by side, in a new array. */
export function joinHashes(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HASH_SIZE * hashes.length);
  for (const [i, hash] of hashes.entries()) bytes.set(hash, HASH_SIZE * i);
  return bytes;
}
