import { bundlePath, tilePath, tileShape, tilesForSize } from '@tilewright/core/tiles';

/**
 * A path at the right edge of the shown tree of `size` that is not there, if any. Whoever reads the shown checkpoint now
 * asks for exactly these: a partial may go only when a shown checkpoint covers the full tile (tlog-tiles, Partial Tiles).
 */
export function missingAtEdge(size: number, tileHeight: number, has: (path: string) => boolean): string | undefined {
  const shape = tileShape(tileHeight);
  const tiles = tilesForSize(size, shape);
  const paths: string[] = tiles.map((tile) => tilePath(tile, shape));
  const [lowest] = tiles;
  if (lowest !== undefined) paths.push(bundlePath({ index: lowest.index, width: lowest.width }, shape));
  return paths.find((path) => !has(path));
}
