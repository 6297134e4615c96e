import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { consistencyProofRanges, proveConsistency, verifyConsistency } from '../merkle/consistency-proof.ts';
import { inclusionProofRanges, proveInclusion, verifyInclusion } from '../merkle/inclusion-proof.ts';
import { isSubtree, type LeafRange } from '../merkle/subtree.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveTileLevels, naiveTiles } from '../testing/naive-tiles.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { encodeHashTile } from './hash-tile.ts';
import { type GetTile, neededTiles, subtreeHasher, subtreeHashFromTiles } from './subtree-tiles.ts';
import { tilePath } from './tile-path.ts';
import { widthAt } from './tile-range.ts';

const leaves = recordLeaves(70_000);
const tree = naiveTree(leaves);
const levels = naiveTileLevels(leaves);
const full = naiveTiles(levels);

/** Serves tiles as they are at `size`, and only those that `neededTiles` names for these ranges. */
function onlyNeeded(ranges: readonly LeafRange[], size: number): GetTile {
  const needed = new Set(neededTiles(ranges, size).map((tile) => tilePath(tile)));
  return (level, index) => {
    const width = widthAt(level, index, size);
    const path = tilePath({ level, index, width });
    if (!needed.has(path)) throw new Error(`${path} was not announced`);
    return full(level, index).slice(0, width);
  };
}

function check(start: number, end: number, size: number): void {
  const hash = subtreeHashFromTiles(start, end, size, onlyNeeded([{ start, end }], size));
  if (!equalBytes(hash, tree.root(start, end))) expect({ start, end, size, hash }).toBeUndefined();
}

test('every subtree of every tree of up to 260 leaves that ends at its right edge, and every complete one', () => {
  let checked = 0;
  for (let size = 0; size <= 260; size++) {
    for (let start = 0; start <= size; start++) {
      if (isSubtree(start, size)) check(start, size, size);
      for (let width = 1; start + width <= size && start % width === 0; width *= 2) {
        check(start, start + width, size);
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(60_000);
});

test('incomplete subtrees that do not end at the right edge', () => {
  for (let end = 0; end <= 130; end++) {
    for (let start = 0; start <= end; start++) if (isSubtree(start, end)) check(start, end, 260);
  }
  for (const [start, end] of [
    [0, 65_535],
    [0, 65_537],
    [65_536, 65_900],
    [32_768, 65_535],
    [65_280, 65_535],
  ] as const) {
    check(start, end, 70_000);
  }
});

test.each([65_535, 65_536, 65_537, 65_791, 65_792, 65_793, 70_000])('subtrees of a tree of %i leaves', (size) => {
  for (let width = 1; width <= size; width *= 2) {
    const last = Math.floor(size / width) - 1;
    for (const index of new Set([0, 1, Math.floor(last / 2), last])) {
      if ((index + 1) * width <= size) check(index * width, (index + 1) * width, size);
    }
    const start = size - (size % width);
    if (isSubtree(start, size)) check(start, size, size);
  }
  check(0, size, size);
});

test('inclusion and consistency proofs come from the needed tiles alone', () => {
  const sizes = [1, 2, 255, 256, 257, 260, 511, 512, 513, 32_769, 65_535, 65_536, 65_537, 65_792, 70_000];
  for (const size of sizes) {
    const now = { size: asTreeSize(size), root: tree.root(0, size) };
    for (const index of new Set([0, Math.floor(size / 2), Math.max(size - 257, 0), Math.max(size - 2, 0), size - 1])) {
      const getTile = onlyNeeded(inclusionProofRanges(index, size), size);
      const proof = proveInclusion(index, size, (lo, hi) => subtreeHashFromTiles(lo, hi, size, getTile));
      verifyInclusion(tree.root(index, index + 1), index, now, proof);
    }
    for (const old of sizes.filter((smaller) => smaller <= size)) {
      const getTile = onlyNeeded(consistencyProofRanges(old, size), size);
      const proof = proveConsistency(old, size, (lo, hi) => subtreeHashFromTiles(lo, hi, size, getTile));
      verifyConsistency({ size: asTreeSize(old), root: tree.root(0, old) }, now, proof);
    }
  }
});

test('an inclusion proof takes about one tile a level of the path, and the right edge', () => {
  fc.assert(
    fc.property(arbitraries(fc).treeSize(), fc.maxSafeNat(), (size, anywhere) => {
      if (size === 0) return;
      const tiles = neededTiles(inclusionProofRanges(anywhere % size, size), size);
      expect(tiles.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size + 1) / 8));
      expect(new Set(tiles.map((tile) => tilePath(tile))).size).toBe(tiles.length);
      for (const { level, index, width } of tiles) expect(width).toBe(widthAt(level, index, size));
    }),
  );
});

test('tiles may be handed over as bytes, and as later, wider versions of themselves', () => {
  for (const size of [1, 7, 255, 300, 65_537]) {
    const asBytes: GetTile = (level, index) => encodeHashTile(full(level, index));
    expect(subtreeHashFromTiles(0, size, size, asBytes)).toEqual(tree.root(0, size));
    expect(subtreeHashFromTiles(0, size, size, full)).toEqual(tree.root(0, size));
  }
});

test('a hash taken from bytes is a copy', () => {
  const bytes = encodeHashTile(leaves.slice(0, 3));
  const hash = subtreeHashFromTiles(1, 2, 3, () => bytes);
  bytes.fill(0);
  expect(hash).toEqual(leaves[1]);
});

test('a tile that is too narrow, a byte short or missing is told', () => {
  const short = encodeHashTile(leaves.slice(0, 4)).subarray(0, 127);
  expectCode(() => subtreeHashFromTiles(0, 4, 4, () => short), CoreError, 'mismatch');
  expectCode(() => subtreeHashFromTiles(0, 4, 4, () => leaves.slice(0, 3)), CoreError, 'mismatch');
  const none: readonly Hash[] = [];
  expectCode(() => subtreeHashFromTiles(0, 4, 4, () => none), CoreError, 'mismatch');
});

test.each([
  [1, 3, 10],
  [0, 11, 10],
  [3, 2, 10],
  [0, 1, 2 ** 53],
])('[%i, %i) is no subtree of a tree of %d leaves', (start, end, size) => {
  const nothing: GetTile = () => [asHash(new Uint8Array(32))];
  expectCode(() => subtreeHashFromTiles(start, end, size, nothing), CoreError, 'out-of-range');
  expectCode(() => neededTiles([{ start, end }], size), CoreError, 'out-of-range');
});

test('one hasher serves all proofs of a tree and asks for each tile once', () => {
  const size = 66_000;
  const asked: string[] = [];
  const hasher = subtreeHasher(size, (level, index) => {
    asked.push(`${level}/${index}`);
    return full(level, index);
  });
  const now = { size: asTreeSize(size), root: tree.root(0, size) };
  for (let index = size - 600; index < size; index++) {
    verifyInclusion(tree.root(index, index + 1), index, now, proveInclusion(index, size, hasher));
  }
  expect(asked.length).toBe(new Set(asked).size);
  expect(asked.length).toBeLessThan(10);
  expect(hasher(0, size)).toEqual(now.root);
});

test('the empty subtree takes no tile', () => {
  expect(neededTiles([{ start: 5, end: 5 }], 10)).toEqual([]);
  expect(subtreeHashFromTiles(5, 5, 10, full)).toEqual(tree.root(5, 5));
});
