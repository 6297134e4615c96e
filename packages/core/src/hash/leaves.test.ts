import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKENDS, noble, openssl, someBytes } from '../../test/every-backend.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { expectCode } from '../testing/expect-code.ts';
import { hashLeaves } from './tree-hash.ts';

const PREFIX = Uint8Array.of(0);

/** Around every boundary of blocks and padding, and the longest entries. */
const EDGES = [55, 56, 63, 64, 119, 120, 127, 128, 1024, 4095, 4096, 65_534, 65_535, 65_536].flatMap((length) => [
  length - 1,
  length,
  length + 1,
]);

function expectedLeaves(buffer: Uint8Array, offsets: readonly number[]): Uint8Array {
  return concatBytes(...offsets.slice(1).map((end, i) => openssl(PREFIX, buffer.subarray(offsets[i], end))));
}

/** Offsets of entries of these lengths, from `start`. */
function offsetsOf(lengths: readonly number[], start: number): number[] {
  const offsets = [start];
  for (const length of lengths) offsets.push((offsets.at(-1) ?? 0) + length);
  return offsets;
}

test.each(BACKENDS)('%s: a leaf of every length up to 300, and around every boundary', (_, backend) => {
  const lengths = [...Array.from({ length: 301 }, (_, i) => i), ...EDGES];
  const bytes = someBytes(66_000);
  for (const length of lengths) {
    const entry = bytes.subarray(length % 7, (length % 7) + length);
    expect(backend.leaf(entry)).toEqual(openssl(PREFIX, entry));
    expect(backend.leaf(entry)).toEqual(noble(PREFIX, entry));
    expect(backend.digest(entry)).toEqual(openssl(entry));
  }
});

test.each(BACKENDS)('%s: leaves of every length up to 300 in one call, from odd places', (_, backend) => {
  const lengths = Array.from({ length: 301 }, (_, i) => (i * 97) % 301);
  const offsets = offsetsOf(lengths, 3);
  const buffer = someBytes(60_000).subarray(5);
  const room = new Uint8Array(1 + 32 * lengths.length + 1).fill(0xaa);
  backend.leaves(buffer, offsets, room.subarray(1, -1));
  expect(room.slice(1, -1)).toEqual(expectedLeaves(buffer, offsets));
  expect([room[0], room.at(-1)]).toEqual([0xaa, 0xaa]);
});

test.each(BACKENDS)('%s: 0 to 9 leaves of each of some lengths', (_, backend) => {
  const buffer = someBytes(70_000);
  for (const length of [0, 1, 54, 55, 63, 64, 118, 119, 130, 1025, 5000]) {
    for (let n = 0; n <= 9; n++) {
      const offsets = offsetsOf(new Array<number>(n).fill(length), n);
      const output = new Uint8Array(32 * n);
      backend.leaves(buffer, Uint32Array.from(offsets), output);
      expect(output).toEqual(expectedLeaves(buffer, offsets));
    }
  }
});

test.each(BACKENDS)('%s: leaves around every boundary, the longest among short ones', (_, backend) => {
  const lengths = EDGES.flatMap((length, i) => [length, i, 300 - i]);
  const offsets = offsetsOf(lengths, 1);
  const buffer = someBytes(1 + lengths.reduce((sum, length) => sum + length, 0));
  const output = new Uint8Array(32 * lengths.length);
  backend.leaves(buffer, offsets, output);
  expect(output).toEqual(expectedLeaves(buffer, offsets));
});

test.each(BACKENDS)('%s: more leaves, and longer ones, than fit in its memory', (_, backend) => {
  const many = new Array<number>(2500).fill(0).map((_, i) => i % 5);
  const long = [300_000, 1, 2, 274_176, 274_175, 3, 274_177, 100_000, 100_000, 100_000, 1_000_000];
  for (const lengths of [many, long]) {
    const offsets = offsetsOf(lengths, 0);
    const buffer = someBytes(offsets.at(-1) ?? 0);
    const output = new Uint8Array(32 * lengths.length);
    backend.leaves(buffer, offsets, output);
    expect(Buffer.compare(output, expectedLeaves(buffer, offsets))).toBe(0);
  }
});

test.each(BACKENDS)('%s: any lengths', (_, backend) => {
  const length = fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 3000 }), fc.constantFrom(...EDGES.slice(0, 30)));
  fc.assert(
    fc.property(fc.array(length, { maxLength: 30 }), fc.nat({ max: 9 }), (lengths, start) => {
      const offsets = offsetsOf(lengths, start);
      const buffer = someBytes((offsets.at(-1) ?? 0) + 2, start + 1);
      const kept = buffer.slice();
      const output = new Uint8Array(32 * lengths.length);
      backend.leaves(buffer, offsets, output);
      expect(output).toEqual(expectedLeaves(buffer, offsets));
      expect(buffer).toEqual(kept);
    }),
  );
});

test('many leaves at once, in a new array', () => {
  const buffer = someBytes(500);
  const offsets = offsetsOf([0, 100, 30, 200], 7);
  expect(hashLeaves(buffer, offsets)).toEqual(expectedLeaves(buffer, offsets));
  expect(hashLeaves(buffer, [9])).toEqual(new Uint8Array(0));
  expectCode(() => hashLeaves(buffer, []), CoreError, 'out-of-range');
});

test.each([
  ['no offsets', []],
  ['falling offsets', [0, 5, 4, 10]],
  ['a last one beyond the buffer', [0, 5, 101]],
  ['a first one beyond the buffer', [101]],
  ['a negative one', [-1, 5]],
  ['a fraction', [0, 2.5, 5]],
  ['no number', [0, Number.NaN, 5]],
  ['infinity', [0, Number.POSITIVE_INFINITY]],
])('%s', (_, offsets) => {
  for (const [, backend] of BACKENDS) {
    expectCode(() => backend.leaves(new Uint8Array(100), offsets, new Uint8Array(320)), CoreError, 'out-of-range');
  }
});

test.each(BACKENDS)('%s: an output that is too short, or lies among the entries', (_, backend) => {
  const room = someBytes(1000);
  const kept = room.slice();
  expectCode(() => backend.leaves(room, [0, 5, 9], new Uint8Array(63)), CoreError, 'out-of-range');
  for (const [from, to] of [
    [0, 64],
    [36, 100],
    [100, 164],
    [189, 253],
  ]) {
    const output = room.subarray(from, to);
    expectCode(() => backend.leaves(room, [50, 100, 190], output), CoreError, 'mismatch');
  }
  expect(room).toEqual(kept);
  backend.leaves(room, [64, 100, 190], room.subarray(0, 64));
  backend.leaves(room, [64, 100, 190], room.subarray(190, 254));
  expect(room.slice(0, 64)).toEqual(expectedLeaves(kept, [64, 100, 190]));
  expect(room.slice(190, 254)).toEqual(expectedLeaves(kept, [64, 100, 190]));
});
