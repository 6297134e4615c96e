import { asHash, HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { verifySubtree } from '../merkle/subtree-proof.ts';
import type { Tree } from '../merkle/tree.ts';

/** Entries of a package at most: packages end at multiples of it. */
export const PACKAGE_WIDTH = 256;
const MAX_HASHES = 63;
const LENGTH_SIZE = 2;
const MAX_ENTRY_SIZE = 65_535;

/** The entries of one package of an upload: [start, end), of the subtree [subtree, end). */
export interface PackageRange {
  /** First entry that is sent. */
  readonly start: number;
  readonly end: number;
  /** Start of the subtree that the proof is for: `start` rounded down to a multiple of 256. */
  readonly subtree: number;
}

/** Entries and the proof that they belong to the tree of the upload's end. */
export interface EntryPackage {
  readonly entries: readonly Uint8Array[];
  /** Subtree consistency proof, at most 63 hashes. */
  readonly proof: readonly Hash[];
}

/**
 * The packages of an upload of the entries [start, end), in order (tlog-mirror, "add-entries").
 *
 * @throws CoreError `out-of-range`
 */
export function* packageRanges(start: number, end: number): Generator<PackageRange> {
  if (!isCount(start) || !isCount(end) || start > end)
    throw new CoreError('out-of-range', 'an upload goes from 0 ≤ start to end');
  for (let from = start; from < end; ) {
    const subtree = from - (from % PACKAGE_WIDTH);
    const to = Math.min(end, subtree + PACKAGE_WIDTH);
    yield { start: from, end: to, subtree };
    from = to;
  }
}

/**
 * Reads the package of `range` at the beginning of `bytes`; `undefined` when more bytes are needed. Entries are views.
 *
 * @throws CoreError `malformed` for more than 63 hashes.
 */
export function decodePackage(
  bytes: Uint8Array,
  range: PackageRange,
): { readonly contents: EntryPackage; readonly size: number } | undefined {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < range.end - range.start) {
    const from = at + LENGTH_SIZE;
    const to = from + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (from > bytes.length || to > bytes.length) return undefined;
    entries.push(bytes.subarray(from, to));
    at = to;
  }
  const hashes = bytes[at];
  if (hashes === undefined) return undefined;
  if (hashes > MAX_HASHES)
    throw new CoreError('malformed', `a proof has at most ${MAX_HASHES} hashes, this one ${hashes}`);
  const size = at + 1 + hashes * HASH_SIZE;
  if (bytes.length < size) return undefined;
  const proof = Array.from({ length: hashes }, (_, i) => {
    const from = at + 1 + i * HASH_SIZE;
    return asHash(bytes.slice(from, from + HASH_SIZE));
  });
  return { contents: { entries, proof }, size };
}

/**
 * The bytes of a package.
 *
 * @throws CoreError `out-of-range` for an entry over 65535 bytes or more than 63 hashes.
 */
export function encodePackage({ entries, proof }: EntryPackage): Uint8Array<ArrayBuffer> {
  if (proof.length > MAX_HASHES) throw new CoreError('out-of-range', `a proof has at most ${MAX_HASHES} hashes`);
  const size = entries.reduce((sum, entry) => sum + LENGTH_SIZE + entry.length, 1 + proof.length * HASH_SIZE);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_SIZE)
      throw new CoreError('out-of-range', `an entry has at most ${MAX_ENTRY_SIZE} bytes`);
    bytes[at] = Math.floor(entry.length / 256);
    bytes[at + 1] = entry.length % 256;
    bytes.set(entry, at + LENGTH_SIZE);
    at += LENGTH_SIZE + entry.length;
  }
  bytes[at] = proof.length;
  for (const [i, hash] of proof.entries()) bytes.set(hash, at + 1 + i * HASH_SIZE);
  return bytes;
}

/**
 * Checks that a package's entries belong to `tree` at their place. `before` are the leaf hashes of
 * [range.subtree, range.start), which the mirror holds already: the proof is for the whole subtree.
 *
 * @throws CoreError `proof-invalid`; `mismatch` when the numbers of hashes or entries are not the range's.
 */
export function verifyPackage(
  range: PackageRange,
  { entries, proof }: EntryPackage,
  before: readonly Hash[],
  tree: Tree,
): void {
  if (before.length !== range.start - range.subtree || entries.length !== range.end - range.start) {
    throw new CoreError('mismatch', 'the package has other entries than its place in the upload asks for');
  }
  const leaves = [...before, ...entries.map((entry) => leafHash(entry))];
  verifySubtree(range.subtree, range.end, CompactRange.empty().extend(leaves).root(), tree, proof);
}
