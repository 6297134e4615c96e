import { sha256Backend } from '#sha256-backend';
import { HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { CoreError } from '../core-error.ts';

export { sha256Backend };

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
 * @throws CoreError `out-of-range` when an array is too short for `n`.
 */
export function hashNodes(input: Uint8Array, output: Uint8Array, n: number): void {
  if (!Number.isSafeInteger(n) || n < 0 || input.length < 2 * HASH_SIZE * n || output.length < HASH_SIZE * n) {
    throw new CoreError('out-of-range', 'hashing n nodes takes 64·n bytes of input and 32·n bytes of output');
  }
  sha256Backend.nodes(input, output, n);
}

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array(0));
