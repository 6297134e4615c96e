import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { tilePath } from './tile-path.ts';
import { bundlesBetween, tilesBetween, tilesForSize, widthAt } from './tile-range.ts';

const any = arbitraries(fc);

test.each(Object.entries(c2sp.tile_sets))('vector: partial tiles at the right edge of size %s', (size, paths) => {
  const partial = tilesForSize(Number(size)).filter((tile) => tile.width < 256);
  expect(partial.map((tile) => tilePath(tile))).toEqual(paths);
});

test.each([
  [0, []],
  [1, ['tile/0/000.p/1']],
  [256, ['tile/0/000', 'tile/1/000.p/1']],
  [65_536, ['tile/0/255', 'tile/1/000', 'tile/2/000.p/1']],
  [65_537, ['tile/0/256.p/1', 'tile/1/000', 'tile/2/000.p/1']],
  [70_000, ['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']],
])('right edge of size %i', (size, paths) => {
  expect(tilesForSize(size).map((tile) => tilePath(tile))).toEqual(paths);
});

test('tlog-tiles: a log of 70,000 entries has 273 full tiles at level 0, 1 at level 1, and 3 partial ones', () => {
  const tiles = tilesBetween(0, 70_000);
  expect(tiles.filter((tile) => tile.level === 0 && tile.width === 256).length).toBe(273);
  expect(tiles.filter((tile) => tile.level === 1 && tile.width === 256).length).toBe(1);
  expect(tiles.filter((tile) => tile.width < 256).map((tile) => tilePath(tile))).toEqual(c2sp.tile_sets['70000']);
});

test('the width is what is left of the level, by exact arithmetic', () => {
  fc.assert(
    fc.property(fc.nat({ max: 63 }), any.treeSize(), any.treeSize(), (level, index, size) => {
      const left = BigInt(size) / 256n ** BigInt(level) - BigInt(index) * 256n;
      const expected = left < 0n ? 0n : left > 256n ? 256n : left;
      expect(widthAt(level, index, size)).toBe(Number(expected));
    }),
  );
});

test('the right edge is the last tile of each level', () => {
  fc.assert(
    fc.property(any.treeSize(), (size) => {
      const edge = tilesForSize(size);
      expect(edge.length).toBeLessThanOrEqual(7);
      expect(edge.map((tile) => tile.level)).toEqual([...edge.keys()]);
      for (const { level, index, width } of edge) {
        expect(width).toBeGreaterThan(0);
        expect(widthAt(level, index, size)).toBe(width);
        expect(widthAt(level, index + 1, size)).toBe(0);
      }
      expect(widthAt(edge.length, 0, size)).toBe(0);
    }),
  );
});

test('growing changes exactly the tiles whose width changes', () => {
  const sizes = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_279, 65_535, 65_536, 65_537, 65_792, 66_000];
  for (const from of sizes) {
    for (const to of sizes.filter((size) => size >= from)) {
      const expected: string[] = [];
      for (let level = 0; level < 4; level++) {
        for (let index = 0; widthAt(level, index, to) > 0; index++) {
          const width = widthAt(level, index, to);
          if (width !== widthAt(level, index, from)) expected.push(tilePath({ level, index, width }));
        }
      }
      expect(tilesBetween(from, to).map((tile) => tilePath(tile))).toEqual(expected);
      const bundles = tilesBetween(from, to).filter((tile) => tile.level === 0);
      expect(bundlesBetween(from, to)).toEqual(bundles.map(({ index, width }) => ({ index, width })));
    }
  }
});

test('a range at the end of the largest tree', () => {
  const to = 2 ** 53 - 1;
  expect(tilesBetween(to - 1, to)).toEqual([{ level: 0, index: 2 ** 45 - 1, width: 255 }]);
  expect(bundlesBetween(to - 1, to)).toEqual([{ index: 2 ** 45 - 1, width: 255 }]);
});

test('sizes that are none, and a tree that shrinks', () => {
  for (const size of [-1, 0.5, 2 ** 53, Number.NaN]) {
    expectCode(() => tilesForSize(size), CoreError, 'out-of-range');
    expectCode(() => tilesBetween(0, size), CoreError, 'out-of-range');
    expectCode(() => bundlesBetween(size, 2 ** 53 - 1), CoreError, 'out-of-range');
    expectCode(() => widthAt(0, 0, size), CoreError, 'out-of-range');
  }
  expectCode(() => tilesBetween(2, 1), CoreError, 'out-of-range');
  expectCode(() => bundlesBetween(2, 1), CoreError, 'out-of-range');
  expectCode(() => widthAt(64, 0, 1), CoreError, 'out-of-range');
});
