export { decodeEntryBundle, encodeEntryBundle, MAX_ENTRY_SIZE } from './entry-bundle.ts';
export { decodeHashTile, encodeHashTile, tileRoot } from './hash-tile.ts';
export type { GetTile } from './subtree-tiles.ts';
export { neededTiles, subtreeHasher, subtreeHashFromTiles } from './subtree-tiles.ts';
export type { BundleId, TileId } from './tile-id.ts';
export { MAX_TILE_LEVEL, TILE_WIDTH } from './tile-id.ts';
export type { FullTilePath, TilePath, TilePathParts } from './tile-path.ts';
export { bundlePath, fullPath, parseTilePath, tilePath } from './tile-path.ts';
export { bundlesBetween, tilesBetween, tilesForSize, widthAt } from './tile-range.ts';
