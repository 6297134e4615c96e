import { bundlePath, TILE_WIDTH, tilePath, tilesForSize, widthAt } from '@tilewright/core/tiles';

/** The last tile of every level, and the last entry bundle. */
export function edgePaths(size: number): string[] {
  if (size === 0) return [];
  const tiles: string[] = tilesForSize(size).map((tile) => tilePath(tile));
  const index = Math.floor((size - 1) / TILE_WIDTH);
  return [...tiles, bundlePath({ index, width: size - index * TILE_WIDTH })];
}

/** Any tile or bundle of a tree of `size`, more than 0: half of them bundles. */
export function somePath(size: number, random: () => number): string {
  const edge = tilesForSize(size);
  const { level, index: last } = edge[Math.floor(random() * edge.length)] ?? { level: 0, index: 0 };
  const isBundle = random() < 0.5;
  const index = Math.floor(random() * (isBundle ? Math.ceil(size / TILE_WIDTH) : last + 1));
  return isBundle
    ? bundlePath({ index, width: widthAt(0, index, size) })
    : tilePath({ level, index, width: widthAt(level, index, size) });
}
