import { asTreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { type BundleId, checkTileId, type TileId } from './tile-id.ts';
import { type TileShape, TLOG_TILES, widthOf } from './tile-shape.ts';

/**
 * Width of the tile at `level` and `index` in a tree of `size` leaves: 256, 1 … 255 for a partial tile, 0 when there is
 * no such tile (tlog-tiles, "Partial Tiles").
 *
 * @throws CoreError `out-of-range`
 */
export function widthAt(level: number, index: number, size: number, shape: TileShape = TLOG_TILES): number {
  const full = widthOf(shape);
  checkTileId(level, index, full, full);
  return Math.min(Math.max(hashesAt(level, asTreeSize(size), full) - index * full, 0), full);
}

/**
 * The last tile of each level of a tree of `size` leaves, level 0 first: all that appending takes, and enough for the
 * root. A last tile may be full, never empty; a tree of size 0 has none.
 *
 * @throws CoreError `out-of-range`
 */
export function tilesForSize(size: number, shape: TileShape = TLOG_TILES): TileId[] {
  const full = widthOf(shape);
  const edge: TileId[] = [];
  let hashes: number = asTreeSize(size);
  for (let level = 0; hashes > 0; level++) {
    const index = Math.ceil(hashes / full) - 1;
    edge.push({ level, index, width: hashes - index * full });
    hashes = Math.floor(hashes / full);
  }
  return edge;
}

/**
 * Every hash tile that grows when a tree goes from `from` to `to` leaves, as it is at `to`: full tiles, and one partial
 * at most a level. Level 0 first, each level from the left.
 *
 * @throws CoreError `out-of-range` unless 0 ≤ from ≤ to ≤ 2^53-1.
 */
export function tilesBetween(from: number, to: number, shape: TileShape = TLOG_TILES): TileId[] {
  const full = widthOf(shape);
  checkGrowth(from, to);
  const tiles: TileId[] = [];
  for (let level = 0; hashesAt(level, from, full) < hashesAt(level, to, full); level++) {
    const end = hashesAt(level, to, full);
    for (let index = Math.floor(hashesAt(level, from, full) / full); index * full < end; index++) {
      tiles.push({ level, index, width: Math.min(end - index * full, full) });
    }
  }
  return tiles;
}

/**
 * Every entry bundle that grows when a tree goes from `from` to `to` leaves, as it is at `to`, from the left.
 *
 * @throws CoreError `out-of-range` unless 0 ≤ from ≤ to ≤ 2^53-1.
 */
export function bundlesBetween(from: number, to: number, shape: TileShape = TLOG_TILES): BundleId[] {
  const full = widthOf(shape);
  checkGrowth(from, to);
  const bundles: BundleId[] = [];
  if (from === to) return bundles;
  for (let index = Math.floor(from / full); index * full < to; index++) {
    bundles.push({ index, width: Math.min(to - index * full, full) });
  }
  return bundles;
}

/** Number of hashes in the tiles of a level: complete subtrees of full^level leaves. Exact: it divides by a power of two. */
function hashesAt(level: number, size: number, full: number): number {
  return Math.floor(size / full ** level);
}

function checkGrowth(from: number, to: number): void {
  if (asTreeSize(from) > asTreeSize(to)) {
    throw new CoreError('out-of-range', 'a tree only grows: the first size must not be above the second');
  }
}
