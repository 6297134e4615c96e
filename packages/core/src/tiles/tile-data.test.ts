import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { leafHash, sha256 } from '../hash/tree-hash.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveTileLevels } from '../testing/naive-tiles.ts';
import { naiveRoot } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { decodeEntryBundle, encodeEntryBundle, MAX_ENTRY_SIZE } from './entry-bundle.ts';
import { decodeHashTile, encodeHashTile, tileRoot } from './hash-tile.ts';
import { parseTilePath } from './tile-path.ts';

const any = arbitraries(fc);
const leaves = recordLeaves(70_000);
const levels = naiveTileLevels(leaves);

test.each(c2sp.tiles)('vector: $path', ({ path, sha256hex, len }) => {
  const parts = parseTilePath(path);
  let bytes: Uint8Array;
  if (parts.kind === 'hash') {
    const { level, index, width } = parts.tile;
    bytes = encodeHashTile((levels[level] ?? []).slice(256 * index, 256 * index + width));
  } else {
    const { index, width } = parts.bundle;
    bytes = encodeEntryBundle(Array.from({ length: width }, (_, i) => encodeUtf8(`record ${256 * index + i}`)));
  }
  expect(bytes.length).toBe(len);
  expect(encodeHex(sha256(bytes))).toBe(sha256hex);
});

test('a tile survives the round trip and has the root of its hashes as a tree', () => {
  for (let width = 1; width <= 256; width++) {
    const hashes = leaves.slice(0, width);
    const bytes = encodeHashTile(hashes);
    expect(bytes).toEqual(concatBytes(...hashes));
    expect(encodeHashTile(decodeHashTile(bytes, width))).toEqual(bytes);
    expect(tileRoot(hashes)).toEqual(naiveRoot(hashes));
  }
});

test('computing a root leaves the hashes as they were', () => {
  const hashes = decodeHashTile(encodeHashTile(leaves.slice(0, 7)), 7);
  tileRoot(hashes);
  tileRoot(hashes.slice(0, 1))[0] = 0;
  expect(hashes).toEqual(leaves.slice(0, 7));
});

test('N24: a tile is as long as its width says', () => {
  const bytes = encodeHashTile(leaves.slice(0, 5));
  for (const width of [4, 6, 256]) expectCode(() => decodeHashTile(bytes, width), CoreError, 'malformed');
  for (const length of [0, 159, 161]) {
    expectCode(() => decodeHashTile(new Uint8Array(length), 5), CoreError, 'malformed');
  }
});

test.each([0, 257, -1, 1.5])('nothing has width %d', (width) => {
  expectCode(() => decodeHashTile(new Uint8Array(0), width), CoreError, 'out-of-range');
  expectCode(() => decodeEntryBundle(new Uint8Array(0), width), CoreError, 'out-of-range');
});

test('no hashes and too many hashes make no tile', () => {
  expectCode(() => encodeHashTile([]), CoreError, 'out-of-range');
  expectCode(() => encodeHashTile(leaves.slice(0, 257)), CoreError, 'out-of-range');
  expectCode(() => tileRoot([]), CoreError, 'out-of-range');
});

test('a bundle survives the round trip', () => {
  const entries = fc.array(any.bytes(600), { minLength: 1, maxLength: 256 });
  fc.assert(
    fc.property(entries, (list) => {
      const bytes = encodeEntryBundle(list);
      expect(decodeEntryBundle(bytes, list.length).map((entry) => entry.slice())).toEqual(list);
    }),
    { numRuns: 50 },
  );
});

test('entries may be empty and have 65535 bytes, not one more', () => {
  const largest = new Uint8Array(MAX_ENTRY_SIZE).fill(1);
  const bytes = encodeEntryBundle([new Uint8Array(0), largest]);
  expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 255, 255]);
  expect(decodeEntryBundle(bytes, 2)).toEqual([new Uint8Array(0), largest]);
  expectCode(() => encodeEntryBundle([new Uint8Array(MAX_ENTRY_SIZE + 1)]), CoreError, 'out-of-range');
  expectCode(() => encodeEntryBundle([]), CoreError, 'out-of-range');
});

test('N26: a bundle cut anywhere, with a byte more, or of another width is refused', () => {
  const bytes = encodeEntryBundle([Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]);
  for (let length = 0; length < bytes.length; length++) {
    expectCode(() => decodeEntryBundle(bytes.subarray(0, length), 3), CoreError, 'malformed');
  }
  expectCode(() => decodeEntryBundle(concatBytes(bytes, Uint8Array.of(0)), 3), CoreError, 'malformed');
  expectCode(() => decodeEntryBundle(concatBytes(bytes, Uint8Array.of(0, 0)), 3), CoreError, 'malformed');
  for (const width of [2, 4, 256]) expectCode(() => decodeEntryBundle(bytes, width), CoreError, 'malformed');
});

test('N27: an altered entry of a full bundle no longer hashes to its place in the tile', () => {
  const entries = Array.from({ length: 256 }, (_, i) => encodeUtf8(`record ${i}`));
  const bytes = encodeEntryBundle(entries);
  bytes[bytes.length - 1] = 0x21;
  const tile = decodeHashTile(encodeHashTile(leaves.slice(0, 256)), 256);
  const differing = decodeEntryBundle(bytes, 256)
    .map((entry, i) => ({ i, same: encodeHex(leafHash(entry)) === encodeHex(tile[i] ?? new Uint8Array(0)) }))
    .filter(({ same }) => !same);
  expect(differing.map(({ i }) => i)).toEqual([255]);
});

test('N25: a full tile whose beginning was changed has another root than the partial one', () => {
  const changed = [...leaves.slice(1, 2), ...leaves.slice(0, 1), ...leaves.slice(2, 256)];
  expect(changed.length).toBe(256);
  expect(tileRoot(changed.slice(0, 100))).not.toEqual(tileRoot(leaves.slice(0, 100)));
});
