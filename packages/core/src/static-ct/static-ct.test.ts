import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asHash } from '../bytes/hash-value.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { expectCode } from '../testing/expect-code.ts';
import { decodeCtExtensions, encodeCtExtensions } from './ct-extensions.ts';
import { dataTilePath, parseDataTilePath } from './data-tile-path.ts';
import { ctLeafHash, decodeDataTile, decodeTileLeaf, encodeTileLeaf, type TileLeaf } from './tile-leaf.ts';

const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => array.slice());
const hash = bytes(32, 32).map(asHash);
const subject = fc.oneof(
  fc.record({ kind: fc.constant('certificate' as const), certificate: bytes(1, 60) }),
  fc.record({
    kind: fc.constant('precertificate' as const),
    issuerKeyHash: hash,
    tbsCertificate: bytes(1, 60),
    precertificate: bytes(1, 60),
  }),
);
const leaf: fc.Arbitrary<TileLeaf> = fc.record({
  timestamp: fc.maxSafeNat(),
  subject,
  extensions: fc.nat(2 ** 31).map(encodeCtExtensions),
  chain: fc.array(hash, { maxLength: 4 }),
});

test('CT-3 the extensions of index 0, and of the last index', () => {
  expect(encodeHex(encodeCtExtensions(0))).toBe('0000050000000000');
  expect(encodeHex(encodeCtExtensions(2 ** 40 - 1))).toBe('000005ffffffffff');
  expect(decodeCtExtensions(encodeCtExtensions(1_034_567_890_123))).toBe(1_034_567_890_123);
  expectCode(() => encodeCtExtensions(2 ** 40), CoreError, 'out-of-range');
});

test('CT-3 other extensions are ignored in any order, none stands twice, and the index must be there', () => {
  const other = Uint8Array.of(9, 0, 2, 1, 1);
  const index = encodeCtExtensions(7);
  expect(decodeCtExtensions(concatBytes(other, index))).toBe(7);
  expect(decodeCtExtensions(concatBytes(index, other))).toBe(7);
  for (const bad of [
    new Uint8Array(0),
    other,
    concatBytes(index, index),
    concatBytes(index, other, other),
    index.subarray(0, 7),
  ]) {
    expectCode(() => decodeCtExtensions(bad), CoreError, 'malformed');
  }
  expectCode(() => decodeCtExtensions(Uint8Array.of(0, 0, 1, 5)), CoreError, 'malformed');
});

test('a leaf is written as it is read, and cut short it is malformed', () => {
  fc.assert(
    fc.property(leaf, (one) => {
      const encoded = encodeTileLeaf(one);
      expect(decodeTileLeaf(encoded)).toEqual({ leaf: one, size: encoded.length });
      for (let cut = 0; cut < encoded.length; cut += 7) {
        expectCode(() => decodeTileLeaf(encoded.subarray(0, cut)), CoreError, 'malformed');
      }
    }),
  );
});

test('a data tile is consumed exactly', () => {
  fc.assert(
    fc.property(fc.array(leaf, { minLength: 1, maxLength: 5 }), (leaves) => {
      const tile = concatBytes(...leaves.map(encodeTileLeaf));
      expect(decodeDataTile(tile, leaves.length)).toEqual(leaves);
      expectCode(() => decodeDataTile(tile, leaves.length + 1), CoreError, 'malformed');
      expectCode(() => decodeDataTile(concatBytes(tile, Uint8Array.of(0)), leaves.length), CoreError, 'malformed');
    }),
  );
});

test('the leaf hash covers timestamp, subject and extensions, behind two zeros, and not the chain', () => {
  const one: TileLeaf = {
    timestamp: 0x0102030405,
    subject: { kind: 'certificate', certificate: Uint8Array.of(0xaa, 0xbb) },
    extensions: encodeCtExtensions(3),
    chain: [asHash(new Uint8Array(32).fill(1))],
  };
  const input = Buffer.from(
    ['00', '0000', '0000000102030405', '0000', '000002aabb', '0008', '0000050000000003'].join(''),
    'hex',
  );
  expect(encodeHex(ctLeafHash(one))).toBe(createHash('sha256').update(input).digest('hex'));
  expect(ctLeafHash({ ...one, chain: [] })).toEqual(ctLeafHash(one));
});

test('what cannot be written is refused', () => {
  const subject = { kind: 'certificate', certificate: new Uint8Array(0) } as const;
  const base: TileLeaf = { timestamp: 0, subject, extensions: new Uint8Array(0), chain: [] };
  const full = { kind: 'certificate', certificate: Uint8Array.of(1) } as const;
  expectCode(() => encodeTileLeaf(base), CoreError, 'out-of-range');
  expectCode(() => encodeTileLeaf({ ...base, subject: full, timestamp: -1 }), CoreError, 'out-of-range');
  expectCode(
    () => encodeTileLeaf({ ...base, subject: full, extensions: new Uint8Array(65_536) }),
    CoreError,
    'out-of-range',
  );
  const type2 = encodeTileLeaf({ ...base, subject: full });
  type2[9] = 2;
  expectCode(() => decodeTileLeaf(type2), CoreError, 'malformed');
});

test('CT-9 data tiles have paths of their own', () => {
  expect(dataTilePath({ index: 1_234_067, width: 8 })).toBe('tile/data/x001/x234/067.p/8');
  expect(parseDataTilePath('tile/data/x001/x234/067.p/8')).toEqual({ index: 1_234_067, width: 8 });
  for (const bad of ['tile/entries/000', 'tile/data/0', 'tile/data/000.p/256', 'tile/data']) {
    expectCode(() => parseDataTilePath(bad), CoreError, 'malformed');
  }
});
