import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { sha256Backend as onNode } from './node-backend.ts';
import { sha256Backend as portable } from './portable-backend.ts';
import { EMPTY_ROOT, hashNodes, leafHash, nodeHash, sha256, sha256Backend } from './tree-hash.ts';

const any = arbitraries(fc);

test('under Node the native backend is the active one', () => {
  expect(sha256Backend).toBe(onNode);
});

test('known hashes', () => {
  expect(encodeHex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(encodeHex(sha256(new TextEncoder().encode('abc')))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  // SHA-256 of the single byte 00: the leaf without content.
  expect(encodeHex(leafHash(new Uint8Array(0)))).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
});

for (const [name, backend] of Object.entries({ onNode, portable })) {
  test(`${name}: leaves and nodes carry their prefixes`, () => {
    fc.assert(
      fc.property(any.bytes(), any.hash(), any.hash(), (entry, left, right) => {
        expect(backend.leaf(entry)).toEqual(portable.digest(concatBytes(Uint8Array.of(0), entry)));
        expect(backend.node(left, right)).toEqual(portable.digest(concatBytes(Uint8Array.of(1), left, right)));
        expect(backend.digest(entry)).toEqual(portable.digest(entry));
      }),
    );
  });

  test(`${name}: a long entry after a short one, and the other way round`, () => {
    for (const length of [70_000, 3, 65_536, 65_535, 65_537, 0]) {
      const entry = new Uint8Array(length).fill(7);
      expect(backend.leaf(entry)).toEqual(portable.digest(concatBytes(Uint8Array.of(0), entry)));
    }
  });

  test(`${name}: many nodes at once, in place and not`, () => {
    const input = Uint8Array.from({ length: 64 * 33 }, (_, i) => (i * 31 + Math.floor(i / 64)) % 256);
    const expected = new Uint8Array(32 * 33);
    for (let i = 0; i < 33; i++) {
      const at = 64 * i;
      expected.set(backend.node(input.slice(at, at + 32), input.slice(at + 32, at + 64)), 32 * i);
    }
    const output = new Uint8Array(32 * 33);
    backend.nodes(input, output, 33);
    expect(output).toEqual(expected);
    const inPlace = input.slice();
    backend.nodes(inPlace, inPlace, 33);
    expect(inPlace.slice(0, 32 * 33)).toEqual(expected);
    expect(inPlace.slice(32 * 33)).toEqual(input.slice(32 * 33));
  });
}

test('a leaf never hashes to a node', () => {
  const left = sha256(Uint8Array.of(1));
  const right = sha256(Uint8Array.of(2));
  expect(leafHash(concatBytes(left, right))).not.toEqual(nodeHash(left, right));
});

test.each([
  [64, 32, 2],
  [128, 32, 2],
  [64, 64, 2],
  [64, 32, -1],
  [64, 32, 0.5],
])('hashNodes refuses %i bytes in, %i out for %d nodes', (input, output, n) => {
  expectCode(() => hashNodes(new Uint8Array(input), new Uint8Array(output), n), CoreError, 'out-of-range');
});
