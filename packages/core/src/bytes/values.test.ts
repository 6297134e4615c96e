import { expect, test } from 'vitest';
import { CoreError } from '../core-error.ts';
import { expectCode } from '../testing/expect-code.ts';
import { asHash } from './hash-value.ts';
import { compareBytes, concatBytes, equalBytes } from './sequences.ts';
import { asLeafIndex, asTreeSize } from './tree-numbers.ts';

test.each([0, 31, 33, 64])('%i bytes are no hash', (length) => {
  expectCode(() => asHash(new Uint8Array(length)), CoreError, 'malformed');
});

test('a hash is the array it was made from', () => {
  const bytes = new Uint8Array(32);
  expect(asHash(bytes)).toBe(bytes);
});

test.each([-1, -0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is neither a size nor an index', (n) => {
  expectCode(() => asTreeSize(n), CoreError, 'out-of-range');
  expectCode(() => asLeafIndex(n), CoreError, 'out-of-range');
});

test('the largest size has a largest index', () => {
  expect(asTreeSize(2 ** 53 - 1)).toBe(2 ** 53 - 1);
  expect(asLeafIndex(2 ** 53 - 2)).toBe(2 ** 53 - 2);
  expectCode(() => asLeafIndex(2 ** 53 - 1), CoreError, 'out-of-range');
});

test('arrays are joined, compared and ordered by their unsigned bytes', () => {
  const a = Uint8Array.of(1, 2);
  const b = Uint8Array.of(255);
  expect(concatBytes()).toEqual(new Uint8Array(0));
  expect(concatBytes(a, new Uint8Array(0), b)).toEqual(Uint8Array.of(1, 2, 255));
  expect(equalBytes(a, Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(a, Uint8Array.of(1, 3))).toBe(false);
  expect(equalBytes(a, Uint8Array.of(1))).toBe(false);
  const sorted = [b, concatBytes(a, a), a, new Uint8Array(0)].sort(compareBytes);
  expect(sorted).toEqual([new Uint8Array(0), a, concatBytes(a, a), b]);
  expect(compareBytes(a, a)).toBe(0);
});
