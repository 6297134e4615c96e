import {
  brokenEdgeTile,
  emptyRightEdge,
  levelsFromTiles,
  type NodeWindow,
  nodesView,
  type RightEdge,
  treeOf,
} from '@tilewright/core/builder';
import { equalBytes } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { type BundleId, bundlePath, type TileShape, tilePath, tilesForSize } from '@tilewright/core/tiles';
import { LogError } from '../log-error.ts';
import { type ObjectReader, readEntries, readHashTile } from './read-objects.ts';

/** The nodes at the right edge of a tree of `size`, read from its tiles; each tile is held to the one below it. */
async function loadLevels(objects: ObjectReader, size: number, shape: TileShape): Promise<readonly NodeWindow[]> {
  const tiles: Uint8Array[] = [];
  for (const tile of tilesForSize(size, shape)) tiles.push(await readHashTile(objects, tile, size, { shape }));
  const levels = levelsFromTiles(size, tiles, shape);
  const broken = brokenEdgeTile(levels, size, shape);
  if (broken === undefined) return levels;
  const path = tilePath(broken, shape);
  throw new LogError(
    'corrupt',
    `hash ${broken.width - 1} of ${path} is not what the tile below it hashes to: put the file back from a backup or a mirror`,
    { path },
  );
}

/** The edge of `tree`, from tiles and the last bundle (full or not), all of it checked: root, and every entry of that bundle against its leaf. */
export async function loadEdge(objects: ObjectReader, tree: Tree, shape: TileShape): Promise<RightEdge> {
  if (tree.size === 0) return emptyRightEdge(shape);
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
