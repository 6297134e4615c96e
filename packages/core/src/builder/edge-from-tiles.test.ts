import { expect, test } from 'vitest';
import { asHash } from '../bytes/hash-value.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveTileLevels, naiveTiles } from '../testing/naive-tiles.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { encodeHashTile } from '../tiles/hash-tile.ts';
import { tilesForSize } from '../tiles/tile-range.ts';
import { TLOG_TILES, tileShape } from '../tiles/tile-shape.ts';
import { levelsFromTiles, rightEdgeFromTiles } from './edge-from-tiles.ts';
import { integrate, type Leaves } from './integrate.ts';
import { nodeAt } from './node-window.ts';
import { emptyRightEdge } from './right-edge.ts';

const SIZE = 66_100;
const entries = Array.from({ length: SIZE }, (_, i) => encodeUtf8(`record ${i}`));
const hashes = entries.map((entry) => leafHash(entry));
const slow = naiveTree(hashes);

function leaves(from: number, to: number): Leaves {
  return { entries: entries.slice(from, to), leafHashes: concatBytes(...hashes.slice(from, to)) };
}

/** The last tile of each level, and the entries of the last, partial bundle, by the slow algorithms. */
function stored(size: number, shape = TLOG_TILES) {
  const tileAt = naiveTiles(naiveTileLevels(hashes.slice(0, size), shape.width), shape.width);
  return {
    tree: { size: asTreeSize(size), root: slow.root(0, size) },
    tiles: tilesForSize(size, shape).map(({ level, index, width }) =>
      encodeHashTile(tileAt(level, index).slice(0, width)),
    ),
    tail: entries.slice(size - (size % shape.width), size),
  };
}

test.each([0, 1, 2, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 65_792, 66_000])(
  'a log of %i entries grows on from its tiles as it would have grown in memory',
  (size) => {
    const { tree, tiles, tail } = stored(size);
    const edge = rightEdgeFromTiles(tree, tiles, tail);
    expect(edge.tree).toEqual(tree);
    for (const [level, window] of edge.levels.entries()) {
      expect(window.count).toBe(Math.floor(size / 2 ** level));
      for (let i = window.base; i < window.count; i++) {
        expect(nodeAt(window, i)).toEqual(slow.root(i * 2 ** level, (i + 1) * 2 ** level));
      }
    }
    const step = integrate(edge, leaves(size, size + 100), size);
    const whole = integrate(integrate(emptyRightEdge(), leaves(0, size), 0).edge, leaves(size, size + 100), size);
    expect(step.tree).toEqual({ size: size + 100, root: slow.root(0, size + 100) });
    expect(step.writes).toEqual(whole.writes);
  },
);

test('in tiles of two hashes too, at every size up to 70', () => {
  const shape = tileShape(1);
  for (let size = 0; size <= 70; size++) {
    const { tree, tiles, tail } = stored(size, shape);
    const step = integrate(rightEdgeFromTiles(tree, tiles, tail, shape), leaves(size, size + 3), size);
    expect(step.tree.root).toEqual(slow.root(0, size + 3));
  }
});

test.each([1, 256, 300, 512, 65_536, 65_792])('at size %i no changed tile passes', (size) => {
  const { tree, tiles, tail } = stored(size);
  for (const [level, tile] of tiles.entries()) {
    for (const at of [0, tile.length - 1]) {
      const changed = tiles.with(level, tile.with(at, 255 - (tile[at] ?? 0)));
      expectCode(() => rightEdgeFromTiles(tree, changed, tail), CoreError, 'mismatch');
    }
  }
});

test('another tree, another tail, and tiles of another size are refused', () => {
  const { tree, tiles, tail } = stored(300);
  const other = { ...tree, root: asHash(new Uint8Array(32)) };
  expectCode(() => rightEdgeFromTiles(other, tiles, tail), CoreError, 'mismatch');
  expectCode(() => rightEdgeFromTiles(tree, tiles, tail.slice(1)), CoreError, 'mismatch');
  expectCode(() => rightEdgeFromTiles(tree, tiles, tail.slice(0, -1)), CoreError, 'mismatch');
  expectCode(() => rightEdgeFromTiles(tree, tiles, tail.with(7, encodeUtf8('other'))), CoreError, 'mismatch');
  expectCode(() => rightEdgeFromTiles(tree, tiles.slice(1), tail), CoreError, 'mismatch');
  expectCode(() => rightEdgeFromTiles({ ...tree, size: asTreeSize(301) }, tiles, tail), CoreError, 'mismatch');
  expectCode(() => levelsFromTiles(-1, []), CoreError, 'out-of-range');
});
