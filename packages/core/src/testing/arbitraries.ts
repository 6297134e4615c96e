import fc from 'fast-check';
import type { Hash } from '../bytes/hash-value.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { leafHash } from '../hash/tree-hash.ts';
import type { BundleId, TileId } from '../tiles/tile-id.ts';

/** Byte strings up to `maxLength`. */
export function bytes(maxLength = 300): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.uint8Array({ maxLength }).map((array) => array.slice());
}

/** Any 32 bytes. */
export function hashes(): fc.Arbitrary<Hash> {
  return fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => array.slice() as Hash);
}

/** Sizes up to 2^53-1, with the neighbours of powers of two more often than chance has them. */
export function treeSizes(): fc.Arbitrary<TreeSize> {
  const nearPower = fc.tuple(fc.integer({ min: 0, max: 52 }), fc.integer({ min: -2, max: 2 }));
  return fc
    .oneof(
      fc.nat({ max: 1000 }),
      nearPower.map(([exponent, offset]) => Math.max(2 ** exponent + offset, 0)),
      fc.maxSafeNat(),
    )
    .map(asTreeSize);
}

/** Valid hash tile ids. */
export function tileIds(): fc.Arbitrary<TileId> {
  return fc.record({ level: fc.nat({ max: 63 }), index: treeSizes(), width: fc.integer({ min: 1, max: 256 }) });
}

/** Valid entry bundle ids. */
export function bundleIds(): fc.Arbitrary<BundleId> {
  return fc.record({ index: treeSizes(), width: fc.integer({ min: 1, max: 256 }) });
}

/** Key names with letters of several scripts. */
export function keyNames(): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map((text) => text.replace(/[\p{White_Space}+\p{Cc}]/gu, '-'));
}

/** Texts that a note can carry: lines of anything but control characters, empty lines too, ending with a newline. */
export function noteTexts(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/\p{Cc}/gu, ''));
  return fc.array(line, { maxLength: 6 }).map((lines) => encodeUtf8(`${lines.join('\n')}\n`));
}

/** `count` leaf hashes, of the entries `record 0`, `record 1`, … */
export function recordLeaves(count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => leafHash(encodeUtf8(`record ${i}`)));
}
