import { bundlePath, bundlesBetween, parseTilePath, tilePath, tilesBetween, widthAt } from '@tilewright/core/tiles';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { edgePaths, somePath } from './paths.ts';

test('edges and other paths are of the tree, and as wide as it is there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 0, max: 2 ** 32 }), (size, seed) => {
      for (const path of [...edgePaths(size), somePath(size, seededRandom(seed))]) {
        const parts = parseTilePath(path);
        const { level, index, width } = parts.kind === 'hash' ? parts.tile : { level: 0, ...parts.bundle };
        expect(width).toBe(widthAt(level, index, size));
      }
    }),
  );
});

test('over time every tile and bundle of a tree is read', () => {
  const size = 70_000;
  const random = seededRandom(1);
  const seen = new Set(Array.from({ length: 20_000 }, () => somePath(size, random)));
  const all = [
    ...tilesBetween(0, size).map((tile) => tilePath(tile)),
    ...bundlesBetween(0, size).map((bundle) => bundlePath(bundle)),
  ];
  expect([...seen].sort()).toEqual(all.sort());
});

test('an empty tree has no edge', () => {
  expect(edgePaths(0)).toEqual([]);
});
