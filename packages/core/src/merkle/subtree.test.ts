import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { encodeHex } from '../bytes/hex.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { sha256 } from '../hash/tree-hash.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { completeSubtrees, coveringSubtrees, isSubtree, splitPoint } from './subtree.ts';

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

test('accumulated: every cover of leaves below 130', () => {
  let text = '';
  for (let end = 0; end <= 130; end++) {
    for (let start = 0; start <= end; start++) {
      const [left, right] = coveringSubtrees(start, end);
      text += `[${left.start}, ${left.end}) [${right.start}, ${right.end})\n`;
    }
  }
  expect(encodeHex(sha256(encodeUtf8(text)))).toBe('7fd9c8b926e9d2b5cf831560e8ce295a5ef97ad5c5ede4ea0dea28a8c8fc8bb0');
});

test('two subtrees cover any leaves, the first one less than twice as many as it must', () => {
  fc.assert(
    fc.property(arbitraries(fc).treeSize(), arbitraries(fc).treeSize(), (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const [left, right] = coveringSubtrees(start, end);
      expect(isSubtree(left.start, left.end) && isSubtree(right.start, right.end)).toBe(true);
      expect(left.start).toBeLessThanOrEqual(start);
      expect([left.end, right.end]).toEqual([right.start, end]);
      if (end - start < 2) expect([left.start, left.end]).toEqual([start, end]);
      else expect(left.end - left.start).toBeLessThan(2 * (left.end - start));
    }),
  );
});

test.each([
  [3, 2],
  [-1, 3],
  [0, 2 ** 53],
  [0.5, 1],
])('nothing covers [%d, %d)', (start, end) => {
  expectCode(() => coveringSubtrees(start, end), CoreError, 'out-of-range');
});
