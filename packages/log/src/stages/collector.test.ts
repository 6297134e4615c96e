import {
  type BundleId,
  bundlePath,
  parseTilePath,
  TILE_WIDTH,
  type TileId,
  TLOG_TILES,
  tilePath,
} from '@tilewright/core/tiles';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completedBetween } from './collector.ts';

/** Every full tile and bundle of a tree of `size`, by counting. */
function fullAt(size: number): Set<string> {
  const paths = new Set<string>();
  for (let level = 0, nodes = size; nodes >= TILE_WIDTH; level++, nodes = Math.floor(nodes / TILE_WIDTH)) {
    for (let index = 0; (index + 1) * TILE_WIDTH <= nodes; index++) {
      paths.add(tilePath({ level, index, width: TILE_WIDTH } satisfies TileId));
      if (level === 0) paths.add(bundlePath({ index, width: TILE_WIDTH } satisfies BundleId));
    }
  }
  return paths;
}

const pathsBetween = (from: number, to: number) => completedBetween(from, to, TLOG_TILES).map(({ path }) => path);

const size = fc.oneof(
  fc.nat(2000),
  fc.nat(140_000),
  fc.tuple(fc.nat(4), fc.integer({ min: -1, max: 1 })).map(([n, off]) => Math.max(0, 65_536 * n + off)),
  fc.tuple(fc.nat(520), fc.integer({ min: -1, max: 1 })).map(([n, off]) => Math.max(0, 256 * n + off)),
);

test('what is completed between two sizes is full at the one and was not at the other', () => {
  fc.assert(
    fc.property(size, size, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const before = fullAt(from);
      const expected = [...fullAt(to)].filter((path) => !before.has(path));
      const completed = completedBetween(from, to, TLOG_TILES).map(({ path }) => path);
      expect(new Set(completed).size).toBe(completed.length);
      expect([...completed].sort()).toEqual(expected.sort());
      for (const path of completed) expect(parseTilePath(path)).toBeDefined();
    }),
    { numRuns: 60 },
  );
});

test('any split of the way completes the same', () => {
  fc.assert(
    fc.property(fc.uniqueArray(size, { minLength: 2, maxLength: 6 }), (sizes) => {
      const cuts = sizes.sort((a, b) => a - b);
      const steps = cuts.slice(1).flatMap((to, at) => pathsBetween(cuts[at] ?? 0, to));
      expect(steps.sort()).toEqual(pathsBetween(cuts[0] ?? 0, cuts.at(-1) ?? 0).sort());
    }),
    { numRuns: 60 },
  );
});
