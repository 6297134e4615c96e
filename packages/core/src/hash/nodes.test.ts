import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKENDS, noble, openssl, someBytes } from '../../test/every-backend.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { hashNodes } from './tree-hash.ts';

const any = arbitraries(fc);
const PREFIX = Uint8Array.of(1);

function expectedNodes(input: Uint8Array, n: number, hash = openssl): Uint8Array {
  const expected = new Uint8Array(32 * n);
  for (let i = 0; i < n; i++) expected.set(hash(PREFIX, input.subarray(64 * i, 64 * i + 64)), 32 * i);
  return expected;
}

test.each(BACKENDS)('%s: a node', (_, backend) => {
  fc.assert(
    fc.property(any.hash(), any.hash(), (left, right) => {
      expect(backend.node(left, right)).toEqual(openssl(PREFIX, left, right));
      expect(backend.node(left, right)).toEqual(noble(PREFIX, left, right));
    }),
  );
});

test.each(BACKENDS)('%s: every last byte of a node, in every lane', (_, backend) => {
  const input = someBytes(64 * 1024);
  for (let i = 0; i < 1024; i++) input[64 * i + 63] = Math.floor(i / 4);
  const output = new Uint8Array(32 * 1024);
  backend.nodes(input, output, 1024);
  expect(output).toEqual(expectedNodes(input, 1024));
});

test.each(BACKENDS)('%s: 0 to 70 nodes, from and to any place', (_, backend) => {
  for (let n = 0; n <= 70; n++) {
    const input = someBytes(64 * n + 20, n + 1).subarray(n % 17, 64 * n + (n % 17));
    const room = new Uint8Array(32 * n + 40).fill(0xaa);
    backend.nodes(input, room.subarray(n % 13), n);
    const written = room.slice(n % 13, 32 * n + (n % 13));
    expect(written).toEqual(expectedNodes(input, n));
    expect(written).toEqual(expectedNodes(input, n, noble));
    expect(room.subarray(0, n % 13)).toEqual(new Uint8Array(n % 13).fill(0xaa));
    expect(room.subarray(32 * n + (n % 13))).toEqual(new Uint8Array(40 - (n % 13)).fill(0xaa));
  }
});

test.each(BACKENDS)('%s: more nodes than are copied at once', (_, backend) => {
  for (const n of [1023, 1024, 1025, 5003]) {
    const input = someBytes(64 * n, n);
    const output = new Uint8Array(32 * n);
    backend.nodes(input, output, n);
    expect(Buffer.compare(output, expectedNodes(input, n))).toBe(0);
  }
});

test.each(BACKENDS)('%s: in place, and into a place before', (_, backend) => {
  for (const n of [1, 2, 3, 4, 33, 2100]) {
    const input = someBytes(64 * n);
    const expected = expectedNodes(input, n);
    const inPlace = input.slice();
    backend.nodes(inPlace, inPlace, n);
    expect(Buffer.compare(inPlace, Buffer.concat([expected, input.subarray(32 * n)]))).toBe(0);
    for (const before of [1, 32, 64, 5000]) {
      const room = Buffer.concat([new Uint8Array(before), input]);
      backend.nodes(room.subarray(before), room, n);
      expect(Buffer.compare(room.subarray(0, 32 * n), expected)).toBe(0);
    }
  }
});

test.each(BACKENDS)('%s: refuses to overwrite what it has not read', (_, backend) => {
  const room = someBytes(64 * 5000);
  const kept = room.slice();
  for (const ahead of [1, 32, 64, 64 * 100 - 1]) {
    expectCode(() => backend.nodes(room, room.subarray(ahead), 100), CoreError, 'mismatch');
  }
  expect(Buffer.compare(room, kept)).toBe(0);
  backend.nodes(room, room.subarray(64 * 100), 100);
  expect(room.slice(64 * 100, 64 * 100 + 32 * 100)).toEqual(expectedNodes(kept, 100));
  expect(Buffer.compare(room.subarray(0, 64 * 100), kept.subarray(0, 64 * 100))).toBe(0);
});

test.each(BACKENDS)('%s: views of a Buffer and of shared memory', (_, backend) => {
  const input = Buffer.from(someBytes(64 * 9 + 3)).subarray(3);
  const shared = new Uint8Array(new SharedArrayBuffer(32 * 9));
  backend.nodes(input, shared, 9);
  expect(Uint8Array.from(shared)).toEqual(expectedNodes(input, 9));
});

const REFUSED = [
  ['an input too short', 64, 32, 2],
  ['an output too short', 128, 32, 2],
  ['an input a byte too short', 64 * 300 - 1, 32 * 300, 300],
  ['a negative number', 64, 32, -1],
  ['half a node', 64, 32, 0.5],
  ['one and a half', 128, 64, 1.5],
  ['no number', 64, 32, Number.NaN],
] as const;

test.each(REFUSED)('%s: %i bytes in, %i out for %d nodes', (_, input, output, n) => {
  for (const [, backend] of BACKENDS) {
    expectCode(() => backend.nodes(new Uint8Array(input), new Uint8Array(output), n), CoreError, 'out-of-range');
  }
  expectCode(() => hashNodes(new Uint8Array(input), new Uint8Array(output), n), CoreError, 'out-of-range');
});
