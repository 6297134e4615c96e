import { HASH_SIZE } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { hashNodes, leafHash, nodeHash } from '../hash/tree-hash.ts';
import type { Tree } from '../merkle/tree.ts';
import type { TileId } from '../tiles/tile-id.ts';
import { tilePath } from '../tiles/tile-path.ts';
import { tilesForSize } from '../tiles/tile-range.ts';
import { type TileShape, TLOG_TILES } from '../tiles/tile-shape.ts';
import { emptyWindow, type NodeWindow, nodeAt, nodesView, windowOf } from './node-window.ts';
import { emptyRightEdge, type RightEdge, treeOf } from './right-edge.ts';

/**
 * The nodes at the right edge of a tree of `size`, from the tiles that `tilesForSize` names, in that order: 32 bytes a
 * hash, as many as the tile is wide. Nothing is checked.
 *
 * @throws CoreError `mismatch` for other tiles than those, `out-of-range`
 */
export function levelsFromTiles(
  size: number,
  tiles: readonly Uint8Array[],
  shape: TileShape = TLOG_TILES,
): readonly NodeWindow[] {
  const ids = tilesForSize(size, shape);
  if (tiles.length !== ids.length) {
    throw new CoreError('mismatch', `the right edge of size ${size} takes ${ids.length} tiles, not ${tiles.length}`);
  }
  const levels = ids.flatMap(({ level, index, width }) => {
    const hashes = tiles[level] ?? new Uint8Array(0);
    if (hashes.length !== HASH_SIZE * width) {
      throw new CoreError(
        'mismatch',
        `the tile at level ${level} takes ${HASH_SIZE * width} bytes, not ${hashes.length}`,
      );
    }
    const lowest = windowOf(index * shape.width, hashes);
    return [lowest, ...levelsBetween(lowest, shape)];
  });
  return levels.length === 0 ? [emptyWindow(0)] : levels;
}

/** The levels between one tile level and the next (seven of them, at height 8), from the nodes of the lower tile. */
function levelsBetween(lowest: NodeWindow, shape: TileShape): NodeWindow[] {
  const windows: NodeWindow[] = [];
  let below = lowest;
  for (let height = 1; height < shape.height && below.count >= 2; height++) {
    const count = Math.floor(below.count / 2);
    const base = below.base / 2;
    const bytes = new Uint8Array((count - base) * HASH_SIZE);
    if (count > base) hashNodes(nodesView(below, 2 * base, 2 * count), bytes, count - base);
    below = { base, count, bytes };
    windows.push(below);
  }
  return windows;
}

/**
 * The first of the tiles of {@link levelsFromTiles} whose last hash is not what the tile below it hashes to, or nothing.
 * Where a tile ends with the tree, the root says nothing of that hash: the way to the root comes from below. What grows
 * on it later would have another root than what was published.
 *
 * @throws CoreError `out-of-range` when the levels are not those of a tree of `size`.
 */
export function brokenEdgeTile(
  levels: readonly NodeWindow[],
  size: number,
  shape: TileShape = TLOG_TILES,
): TileId | undefined {
  return tilesForSize(size, shape).find(({ level }) => {
    const window = levels[level * shape.height];
    const below = levels[level * shape.height - 1];
    if (window === undefined || below === undefined) return false;
    const children = 2 * window.count - 2;
    if (children < below.base) return false;
    const hash = nodeHash(nodeAt(below, children), nodeAt(below, children + 1));
    return !equalBytes(hash, nodeAt(window, window.count - 1));
  });
}

/**
 * The right edge of a stored log, all of it checked: so that it can grow on.
 *
 * @param tree what the log's checkpoint says
 * @param tiles the tiles that `tilesForSize` names, in that order, 32 bytes a hash; it keeps them
 * @param tail the entries of the last bundle when that is partial, none otherwise
 * @throws CoreError `mismatch` when tiles or entries do not make this tree
 */
export function rightEdgeFromTiles(
  tree: Tree,
  tiles: readonly Uint8Array[],
  tail: readonly Uint8Array[],
  shape: TileShape = TLOG_TILES,
): RightEdge {
  const levels = levelsFromTiles(tree.size, tiles, shape);
  const broken = brokenEdgeTile(levels, tree.size, shape);
  if (broken !== undefined) {
    throw new CoreError('mismatch', `the last hash of ${tilePath(broken, shape)} is not that of the tile below it`);
  }
  const found = treeOf(levels);
  if (!equalBytes(found.root, tree.root)) {
    throw new CoreError('mismatch', `the tiles do not lead to the root of the tree of size ${tree.size}`);
  }
  const [lowest] = levels;
  const partial = tree.size % shape.width;
  if (tail.length !== partial || lowest === undefined) {
    throw new CoreError('mismatch', `the last bundle holds ${partial} entries of its own, not ${tail.length}`);
  }
  for (const [at, entry] of tail.entries()) {
    const index = tree.size - partial + at;
    if (equalBytes(leafHash(entry), nodeAt(lowest, index))) continue;
    throw new CoreError('mismatch', `entry ${index} is not the one that its tile holds`);
  }
  return tree.size === 0 ? emptyRightEdge(shape) : { tree: found, shape, levels, tail };
}
