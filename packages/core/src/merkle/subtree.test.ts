import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { completeSubtrees, isSubtree, splitPoint } from './subtree.ts';

test.each(c2sp.subtree_invalid)('vector: [%i, %i) is no subtree', (start, end) => {
  expect(isSubtree(start, end)).toBe(false);
  expectCode(() => completeSubtrees(start, end), CoreError, 'out-of-range');
});

test.each(c2sp.subtree)('vector: [$start, $end) is a subtree', ({ start, end }) => {
  expect(isSubtree(start, end)).toBe(true);
});

test.each([
  [-1, 3],
  [0.5, 1],
  [0, Number.NaN],
  [0, 2 ** 53],
  [2 ** 53, 2 ** 53],
])('[%d, %d) is no range of leaves', (start, end) => {
  expect(isSubtree(start, end)).toBe(false);
});

test('a subtree starts at a multiple of its width rounded up to a power of two', () => {
  for (let start = 0; start <= 70; start++) {
    for (let end = start; end <= 70; end++) {
      let width = 1n;
      while (width < BigInt(end - start)) width <<= 1n;
      expect(isSubtree(start, end)).toBe(start === end || (BigInt(start) & (width - 1n)) === 0n);
    }
  }
});

test('the split point is the largest power of two below', () => {
  expect([2, 3, 4, 5, 8, 9, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(splitPoint)).toEqual([
    1,
    2,
    2,
    4,
    4,
    8,
    2 ** 31,
    2 ** 32,
    2 ** 52,
  ]);
});

test('a prefix falls into one complete subtree for each one-bit of its size', () => {
  fc.assert(
    fc.property(arbitraries(fc).treeSize(), (size) => {
      const parts = completeSubtrees(0, size);
      const bits = size.toString(2);
      expect(parts.length).toBe([...bits].filter((bit) => bit === '1').length);
      let at = 0;
      for (const { start, end } of parts) {
        expect(start).toBe(at);
        expect(isSubtree(start, end)).toBe(true);
        expect(Number.isInteger(Math.log2(end - start))).toBe(true);
        at = end;
      }
      expect(at).toBe(size);
    }),
  );
});
