import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { encodeBase64 } from '../bytes/base64.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveRoot, naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { CompactRange } from './compact-range.ts';
import { completeSubtrees } from './subtree.ts';

const leaves = recordLeaves(70_000);
const tree = naiveTree(leaves);

test.each(Object.entries(c2sp.roots))('vector: root of size %s', (size, root) => {
  const some = leaves.slice(0, Number(size));
  expect(encodeBase64(CompactRange.empty().extend(some).root())).toBe(root);
  expect(encodeBase64(naiveRoot(some))).toBe(root);
});

test('one leaf at a time, every size up to 260', () => {
  let range = CompactRange.empty();
  expect(range.root()).toEqual(EMPTY_ROOT);
  for (const leaf of leaves.slice(0, 260)) {
    range = range.append(leaf);
    expect(range.root()).toEqual(tree.root(0, range.size));
    expect(range.hashes).toEqual(completeSubtrees(0, range.size).map(({ start, end }) => tree.root(start, end)));
  }
});

test('any chunks make the range that one chunk makes, and a kept range goes on', () => {
  const chunks = fc.array(fc.nat({ max: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(chunks, (lengths) => {
      let range = CompactRange.empty();
      for (const length of lengths) {
        const kept = CompactRange.from(range.size, range.hashes);
        range = kept.extend(leaves.slice(range.size, range.size + length));
      }
      expect(range).toEqual(CompactRange.empty().extend(leaves.slice(0, range.size)));
      expect(range.root()).toEqual(tree.root(0, range.size));
    }),
  );
});

test('appending leaves the range as it was', () => {
  const range = CompactRange.empty().extend(leaves.slice(0, 3));
  const [hashes, root] = [[...range.hashes], range.root()];
  range.extend(leaves.slice(3, 9));
  expect(range.size).toBe(3);
  expect(range.hashes).toEqual(hashes);
  expect(range.root()).toEqual(root);
});

test('a kept range has one hash for each one-bit of its size', () => {
  const hashes = leaves.slice(0, 2);
  expect(CompactRange.from(6, hashes).hashes).toEqual(hashes);
  expect(CompactRange.from(2 ** 53 - 1, leaves.slice(0, 53)).size).toBe(2 ** 53 - 1);
  expectCode(() => CompactRange.from(7, hashes), CoreError, 'mismatch');
  expectCode(() => CompactRange.from(4, hashes), CoreError, 'mismatch');
  expectCode(() => CompactRange.from(-1, hashes), CoreError, 'out-of-range');
});

test('a range that is full says so', () => {
  const full = CompactRange.from(2 ** 53 - 1, leaves.slice(0, 53));
  expectCode(() => full.extend(leaves.slice(0, 1)), CoreError, 'out-of-range');
});
