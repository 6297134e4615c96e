import { p256, p384, p521 } from '@noble/curves/nist.js';
import { decodeHex, encodeHex } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import { spkiOf } from '../testing/build/fixture-bytes.ts';
import { curveOfOid, isPointOn } from './curves.ts';
import { ecdsaSpki } from './encode-spki.ts';
import { parsePublicKey } from './parse-public-key.ts';

test.each(['p256', 'p384', 'p521', 'ed25519ph', 'rsa2048', 'rsa2047', 'rsa2048E3', 'rsa4096'] as const)(
  'a %s key comes out as it went in',
  (name) => {
    const key = parsePublicKey(spkiOf(name));
    expect(key.kind !== 'other' && encodeHex(key.spki)).toBe(encodeHex(spkiOf(name)));
  },
);

test('an RSA key has its numbers without leading zeros, and its size in whole bytes', () => {
  expect(parsePublicKey(spkiOf('rsa2048'))).toMatchObject({ bits: 2048, exponent: Uint8Array.of(1, 0, 1) });
  const key = parsePublicKey(spkiOf('rsa2041'));
  expect(key).toMatchObject({ kind: 'rsa', bits: 2048 });
  expect(key.kind === 'rsa' && [key.modulus.length, key.modulus[0]]).toEqual([256, 1]);
});

test.each([
  ['p224', 'ECDSA key, curve P-224'],
  ['x25519', 'X25519 key'],
  ['dsa', 'DSA key'],
] as const)('%s parses, and is of no use', (name, described) => {
  expect(parsePublicKey(spkiOf(name))).toEqual({ kind: 'other', name: described });
});

test('every cut and every changed byte of a P-256 key is refused, but for a point that happens to be another', () => {
  const good = spkiOf('p256');
  for (let length = 0; length < good.length; length++) {
    expect(() => parsePublicKey(good.subarray(0, length))).toThrow(EntryError);
  }
  fc.assert(
    fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, difference) => {
      const changed = good.map((byte, i) => (i === at ? byte ^ difference : byte));
      expect(() => parsePublicKey(changed)).toThrow(EntryError);
    }),
  );
});

const CURVES = [
  { curve: p256, name: 'P-256', oid: '2a8648ce3d030107' },
  { curve: p384, name: 'P-384', oid: '2b81040022' },
  { curve: p521, name: 'P-521', oid: '2b81040023' },
] as const;

test.each(CURVES)('the points of $name are those of another implementation', ({ curve, name, oid }) => {
  const ours = curveOfOid(decodeHex(oid));
  if (ours === undefined) throw new Error('unknown curve');
  expect(ours.name).toBe(name);
  expect(ours.prime).toBe(curve.Point.Fp.ORDER);
  expect(ours.b).toBe(curve.Point.CURVE().b);
  for (let i = 1n; i < 20n; i++) {
    const point = curve.Point.BASE.multiply(i * 7919n).toBytes(false);
    expect(isPointOn(ours, point)).toBe(true);
    expect(parsePublicKey(ecdsaSpki(name, point))).toMatchObject({ kind: 'ecdsa', curve: name, point });
    const last = point.length - 1;
    expect(isPointOn(ours, point.with(last, ((point[last] ?? 0) + 1) % 256))).toBe(false);
    expect(isPointOn(ours, point.subarray(0, -1))).toBe(false);
    expect(isPointOn(ours, curve.Point.BASE.multiply(i).toBytes(true))).toBe(false);
  }
});

test('a coordinate that is not reduced is refused, though the equation holds', () => {
  const ours = curveOfOid(decodeHex('2a8648ce3d030107'));
  if (ours === undefined) throw new Error('unknown curve');
  // x = 5 is on P-256 with some y; x = 5 + p fits 32 bytes and has the same residue.
  const { y } = p256.Point.fromBytes(Uint8Array.from([2, ...new Uint8Array(31), 5])).toAffine();
  const encode = (x: bigint) => decodeHex(`04${x.toString(16).padStart(64, '0')}${y.toString(16).padStart(64, '0')}`);
  expect(isPointOn(ours, encode(5n))).toBe(true);
  expect(isPointOn(ours, encode(5n + ours.prime))).toBe(false);
});
