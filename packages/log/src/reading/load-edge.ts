import { equalBytes } from '@tilewright/core/bytes';
import { HASH_SIZE, hashNodes, leafHash, nodeHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { type BundleId, bundlePath, type TileId, type TileShape, tilePath } from '@tilewright/core/tiles';
import { LogError } from '../log-error.ts';
import { type Edge, emptyEdge, treeOf } from '../plan/edge.ts';
import { emptyWindow, type NodeWindow, nodeAt, nodesView, windowOf } from '../plan/node-window.ts';
import { type ObjectReader, readEntries, readHashTile } from './read-objects.ts';

/** The levels between one tile level and the next (seven of them, at height 8), from the nodes of the lower tile. */
function between(lowest: NodeWindow, shape: TileShape): NodeWindow[] {
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
 * Where a tile ends with the tree, the root says nothing of its parent's last node: the climb comes from below.
 * What grows on that node later would have another root than what was published.
 */
function checkLast(below: NodeWindow, window: NodeWindow, tile: TileId, shape: TileShape): void {
  const children = 2 * window.count - 2;
  if (children < below.base) return;
  const hash = nodeHash(nodeAt(below, children), nodeAt(below, children + 1));
  if (equalBytes(hash, nodeAt(window, window.count - 1))) return;
  const path = tilePath(tile, shape);
  throw new LogError(
    'corrupt',
    `hash ${tile.width - 1} of ${path} is not what the tile below it hashes to: put the file back from a backup or a mirror`,
    { path },
  );
}

/** The nodes at the right edge of a tree of `size`, read from its tiles. */
async function loadLevels(objects: ObjectReader, size: number, shape: TileShape): Promise<NodeWindow[]> {
  const { width: full } = shape;
  const levels: NodeWindow[] = [];
  for (let level = 0; size / full ** level >= 1; level++) {
    const count = Math.floor(size / full ** level);
    // The tile of the last node, full where the count is a multiple of its width: the root's path begins in it.
    const index = Math.ceil(count / full) - 1;
    const width = count - index * full;
    const tile = { level, index, width };
    const window = windowOf(index * full, await readHashTile(objects, tile, size, { shape }));
    const below = levels.at(-1);
    if (below !== undefined) checkLast(below, window, tile, shape);
    levels.push(window, ...between(window, shape));
  }
  return levels.length === 0 ? [emptyWindow(0)] : levels;
}

/** The edge of `tree`, from tiles and the last bundle (full or not), all of it checked: root, and every entry of that bundle against its leaf. */
export async function loadEdge(objects: ObjectReader, tree: Tree, shape: TileShape): Promise<Edge> {
  if (tree.size === 0) return emptyEdge(shape);
  const levels = await loadLevels(objects, tree.size, shape);
  const found = treeOf(levels);
  if (!equalBytes(found.root, tree.root)) {
    const { index, width } = lastBundle(tree.size, shape);
    const path = tilePath({ level: 0, index, width }, shape);
    throw new LogError(
      'corrupt',
      `the tiles at the right edge of size ${tree.size} (${path} and those above it) do not hash to the stored root: run 'tilewright log fsck' to find the file`,
      { path },
    );
  }
  return { tree: found, shape, levels, tail: await loadTail(objects, levels, tree.size, shape) };
}

/** The bundle that the last of `size` > 0 entries stands in. */
function lastBundle(size: number, { width: full }: TileShape): BundleId {
  const index = Math.ceil(size / full) - 1;
  return { index, width: size - index * full };
}

async function loadTail(
  objects: ObjectReader,
  levels: readonly NodeWindow[],
  size: number,
  shape: TileShape,
): Promise<Uint8Array[]> {
  const lowest = levels[0];
  if (lowest === undefined) return [];
  const bundle = lastBundle(size, shape);
  const entries = await readEntries(objects, bundle, size, { shape });
  entries.forEach((entry, at) => {
    const leaf = bundle.index * shape.width + at;
    if (equalBytes(leafHash(entry), nodesView(lowest, leaf, leaf + 1))) return;
    const path = bundlePath(bundle, shape);
    throw new LogError(
      'corrupt',
      `entry ${leaf} in ${path} is not what its hash tile holds: put the file back from a backup or a mirror`,
      { path },
    );
  });
  return bundle.width === shape.width ? [] : entries;
}
