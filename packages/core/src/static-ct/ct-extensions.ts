import { asLeafIndex, type LeafIndex } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';

const LEAF_INDEX = 0;
const INDEX_SIZE = 5;
/** A static-CT log holds at most 2^40 entries. */
const MAX_INDEX = 2 ** 40 - 1;
const MAX_SIZE = 65_535;

/**
 * The extensions of an entry's timestamp that say its index: 8 bytes (static-ct-api, "CtExtensions").
 *
 * @throws CoreError `out-of-range` for an index of 2^40 and more.
 */
export function encodeCtExtensions(index: number): Uint8Array<ArrayBuffer> {
  if (asLeafIndex(index) > MAX_INDEX) throw new CoreError('out-of-range', 'the index of a certificate has 40 bits');
  const bytes = new Uint8Array(8);
  bytes[2] = INDEX_SIZE;
  let rest = index;
  for (let at = 7; at > 2; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/**
 * The index in an entry's extensions. Other extensions, in any order, are ignored; none may stand twice.
 *
 * @throws CoreError `malformed`
 */
export function decodeCtExtensions(bytes: Uint8Array): LeafIndex {
  if (bytes.length > MAX_SIZE) throw new CoreError('malformed', `extensions have at most ${MAX_SIZE} bytes`);
  const seen = new Set<number>();
  let index: LeafIndex | undefined;
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at] ?? 0;
    const from = at + 3;
    const to = from + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0);
    if (from > bytes.length || to > bytes.length)
      throw new CoreError('malformed', `the extension at byte ${at} is cut short`);
    if (seen.has(type)) throw new CoreError('malformed', `the extension at byte ${at} stands there twice`);
    seen.add(type);
    if (type === LEAF_INDEX) index = indexOf(bytes.subarray(from, to), at);
    at = to;
  }
  if (index === undefined) throw new CoreError('malformed', 'the extensions do not say the index of the entry');
  return index;
}

function indexOf(bytes: Uint8Array, at: number): LeafIndex {
  if (bytes.length !== INDEX_SIZE)
    throw new CoreError('malformed', `the index at byte ${at} does not have ${INDEX_SIZE} bytes`);
  return asLeafIndex(bytes.reduce((value, byte) => value * 256 + byte, 0));
}
