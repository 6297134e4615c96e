import { HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { decodeHex } from '../bytes/hex.ts';
import { sha256Backend } from './active-backend.ts';

/** SHA-256 of `data`. */
export function sha256(data: Uint8Array): Hash {
  return sha256Backend.digest(data);
}

/** Hash of a leaf: SHA-256 of `00 ‖ entry` (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Hash {
  return sha256Backend.leaf(entry);
}

/** Hash of an inner node: SHA-256 of `01 ‖ left ‖ right` (RFC 6962, section 2.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  return sha256Backend.node(left, right);
}

/**
 * `n` node hashes at once: the pairs of 32-byte hashes in `input` (64·n bytes) give the hashes in `output`
 * (32·n bytes). `output` may be `input`: a level of a tree is then folded in place.
 *
 * @throws CoreError `out-of-range` when an array is too short for `n`, `mismatch` when `output` would overwrite pairs
 *   that are still to be read.
 */
export function hashNodes(input: Uint8Array, output: Uint8Array, n: number): void {
  sha256Backend.nodes(input, output, n);
}

/**
 * Leaf hashes of many entries at once: entry `i` is `buffer` from `offsets[i]` to `offsets[i + 1]`. There is one offset
 * more than entries. Returns the hashes one after another, 32 bytes each.
 *
 * @throws CoreError `out-of-range` when the offsets are none, fall, are no indexes or lead out of `buffer`.
 */
export function hashLeaves(buffer: Uint8Array, offsets: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(HASH_SIZE * Math.max(0, offsets.length - 1));
  sha256Backend.leaves(buffer, offsets, output);
  return output;
}

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Hash = decodeHex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') as Hash;
