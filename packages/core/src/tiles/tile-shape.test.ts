import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CoreError } from '../core-error.ts';
import { consistencyProofRanges, proveConsistency } from '../merkle/consistency-proof.ts';
import { inclusionProofRanges, proveInclusion } from '../merkle/inclusion-proof.ts';
import { isSubtree, type LeafRange } from '../merkle/subtree.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveTileLevels, naiveTiles } from '../testing/naive-tiles.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { type GetTile, neededTiles, subtreeHasher, subtreeHashFromTiles } from './subtree-tiles.ts';
import { MAX_TILE_LEVEL } from './tile-id.ts';
import { bundlePath, fullPath, parseTilePath, tilePath } from './tile-path.ts';
import { bundlesBetween, tilesBetween, tilesForSize, widthAt } from './tile-range.ts';
import { TILE_WIDTH, type TileShape, TLOG_TILES, tileShape } from './tile-shape.ts';

const any = arbitraries(fc);
const SIZE = 70;
const leaves = recordLeaves(SIZE);
const tree = naiveTree(leaves);

test('heights from 1 to 8, and nothing else; 8 is that of tlog-tiles', () => {
  const widths = [2, 4, 8, 16, 32, 64, 128, 256];
  expect(widths.map((_, i) => tileShape(i + 1))).toEqual(widths.map((width, i) => ({ height: i + 1, width })));
  expect(tileShape(8)).toBe(TLOG_TILES);
  expect(TLOG_TILES.width).toBe(TILE_WIDTH);
  for (const height of [0, 9, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expectCode(() => tileShape(height), CoreError, 'out-of-range');
  }
});

test.each([0, 8, { height: 8, width: 256 }])('%j, as map or a forger hands it over, is no shape', (given) => {
  const shape = given as TileShape;
  const tile = { level: 0, index: 0, width: 1 };
  expectCode(() => tilePath(tile, shape), CoreError, 'out-of-range');
  expectCode(() => bundlePath(tile, shape), CoreError, 'out-of-range');
  expectCode(() => parseTilePath('tile/0/000', shape), CoreError, 'out-of-range');
  expectCode(() => widthAt(0, 0, 1, shape), CoreError, 'out-of-range');
  expectCode(() => tilesForSize(1, shape), CoreError, 'out-of-range');
  expectCode(() => tilesBetween(0, 1, shape), CoreError, 'out-of-range');
  expectCode(() => bundlesBetween(0, 1, shape), CoreError, 'out-of-range');
  expectCode(() => neededTiles([], 1, shape), CoreError, 'out-of-range');
  expectCode(() => subtreeHasher(1, () => leaves, shape), CoreError, 'out-of-range');
  expectCode(() => subtreeHashFromTiles(0, 1, 1, () => leaves, shape), CoreError, 'out-of-range');
});

describe.each([1, 2, 3, 8])('tiles of height %i', (height) => {
  const shape = tileShape(height);
  const { width: full } = shape;
  const levels = naiveTileLevels(leaves, full);
  const tiles = naiveTiles(levels, full);

  /** Hashes that the naive second algorithm has in a level of a tree of `size` leaves. */
  const hashesAt = (level: number, size: number): number =>
    naiveTileLevels(leaves.slice(0, size), full)[level]?.length ?? 0;

  /** Serves tiles as they are at `size`, and only those that `neededTiles` names for these ranges. */
  function onlyNeeded(ranges: readonly LeafRange[], size: number): GetTile {
    const needed = new Set(neededTiles(ranges, size, shape).map((tile) => tilePath(tile, shape)));
    return (level, index) => {
      const width = widthAt(level, index, size, shape);
      const path = tilePath({ level, index, width }, shape);
      if (!needed.has(path)) throw new Error(`${path} was not announced`);
      return tiles(level, index).slice(0, width);
    };
  }

  test('the width is what is left of the level, by exact arithmetic', () => {
    fc.assert(
      fc.property(fc.nat({ max: MAX_TILE_LEVEL }), any.treeSize(), any.treeSize(), (level, index, size) => {
        const left = BigInt(size) / BigInt(full) ** BigInt(level) - BigInt(index) * BigInt(full);
        const expected = left < 0n ? 0n : left > BigInt(full) ? BigInt(full) : left;
        expect(widthAt(level, index, size, shape)).toBe(Number(expected));
      }),
    );
  });

  test('the right edge is the last tile of each level, up to the largest tree', () => {
    fc.assert(
      fc.property(any.treeSize(), (size) => {
        const edge = tilesForSize(size, shape);
        expect(edge.length).toBeLessThanOrEqual(Math.ceil(53 / height));
        for (const [at, { level, index, width }] of edge.entries()) {
          expect(level).toBe(at);
          expect(width).toBeGreaterThan(0);
          expect(widthAt(level, index, size, shape)).toBe(width);
          expect(widthAt(level, index + 1, size, shape)).toBe(0);
        }
        expect(widthAt(edge.length, 0, size, shape)).toBe(0);
      }),
    );
  });

  test('growing changes exactly the tiles and bundles whose hashes become more', () => {
    for (let to = 0; to <= SIZE; to++) {
      const from = Math.floor(to / 2) + (to % 7);
      if (from > to) continue;
      const expected: string[] = [];
      for (let level = 0; level < levels.length; level++) {
        const [before, after] = [hashesAt(level, from), hashesAt(level, to)];
        for (let index = Math.floor(before / full); before < after && index * full < after; index++) {
          expected.push(tilePath({ level, index, width: Math.min(after - index * full, full) }, shape));
        }
      }
      const grown = tilesBetween(from, to, shape);
      expect(grown.map((tile) => tilePath(tile, shape))).toEqual(expected);
      const bundles = grown.filter(({ level }) => level === 0).map(({ index, width }) => ({ index, width }));
      expect(bundlesBetween(from, to, shape)).toEqual(bundles);
    }
  });

  test('every subtree, and every proof, comes from the needed tiles alone', () => {
    for (let size = 1; size <= SIZE; size++) {
      for (let start = 0; start < size; start++) {
        if (isSubtree(start, size)) {
          const hash = subtreeHashFromTiles(start, size, size, onlyNeeded([{ start, end: size }], size), shape);
          expect(hash).toEqual(tree.root(start, size));
        }
        const toLeaf = inclusionProofRanges(start, size);
        const included = proveInclusion(start, size, subtreeHasher(size, onlyNeeded(toLeaf, size), shape));
        expect(included).toEqual(tree.inclusion(start, size));
        const toOld = consistencyProofRanges(start, size);
        const consistent = proveConsistency(start, size, subtreeHasher(size, onlyNeeded(toOld, size), shape));
        expect(consistent).toEqual(tree.consistency(start, size));
      }
    }
  });

  test('paths have the syntax of tlog-tiles: .p/1 to one less than the width, and none for a full tile', () => {
    const id = fc.record({
      level: fc.nat({ max: MAX_TILE_LEVEL }),
      index: any.treeSize(),
      width: fc.integer({ min: 1, max: full }),
    });
    fc.assert(
      fc.property(id, (tile) => {
        const { index, width } = tile;
        const [path, bundle] = [tilePath(tile, shape), bundlePath({ index, width }, shape)];
        expect(parseTilePath(path, shape)).toEqual({ kind: 'hash', tile });
        expect(parseTilePath(bundle, shape)).toEqual({ kind: 'entries', bundle: { index, width } });
        expect(path.endsWith(`.p/${width}`)).toBe(width < full);
        expect(fullPath(path)).toBe(tilePath({ ...tile, width: full }, shape));
      }),
    );
    expectCode(() => tilePath({ level: 0, index: 0, width: full + 1 }, shape), CoreError, 'out-of-range');
    expectCode(() => bundlePath({ index: 0, width: full + 1 }, shape), CoreError, 'out-of-range');
    for (const width of [0, full, full + 1]) {
      expectCode(() => parseTilePath(`tile/0/000.p/${width}`, shape), CoreError, 'malformed');
      expectCode(() => parseTilePath(`tile/entries/000.p/${width}`, shape), CoreError, 'malformed');
    }
  });
});
