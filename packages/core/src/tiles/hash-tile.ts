import { asHash, HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { CoreError } from '../core-error.ts';
import { foldInPlace, joinHashes } from '../merkle/levels/hash-tree.ts';
import { checkWidth } from './tile-id.ts';

/**
 * The hashes of a tile of `width` hashes. They are views of `bytes`, not copies: do not change `bytes` while they live.
 *
 * @throws CoreError `out-of-range` for a width outside 1 … 256, `malformed` unless there are 32·width bytes.
 */
export function decodeHashTile(bytes: Uint8Array, width: number): Hash[] {
  checkWidth(width);
  if (bytes.length !== HASH_SIZE * width) {
    throw new CoreError('malformed', `a tile of width ${width} has ${HASH_SIZE * width} bytes, not ${bytes.length}`);
  }
  const hashes: Hash[] = [];
  for (let at = 0; at < bytes.length; at += HASH_SIZE) hashes.push(asHash(bytes.subarray(at, at + HASH_SIZE)));
  return hashes;
}

/**
 * The bytes of a hash tile: 1 … 256 hashes one after another (tlog-tiles, "Merkle Tree").
 *
 * @throws CoreError `out-of-range`
 */
export function encodeHashTile(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
  checkWidth(hashes.length);
  return joinHashes(hashes);
}

/**
 * Root of the subtree over the 1 … 256 hashes of a tile (RFC 6962, section 2.1). Of a full tile it is the hash that the
 * level above holds; of a partial one it never is (tlog-tiles, "Partial Tiles").
 *
 * @throws CoreError `out-of-range`
 */
export function tileRoot(hashes: readonly Hash[]): Hash {
  const nodes = encodeHashTile(hashes);
  foldInPlace(nodes, hashes.length);
  return asHash(nodes.slice(0, HASH_SIZE));
}
