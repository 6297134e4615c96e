export { decodeCtExtensions, encodeCtExtensions } from './ct-extensions.ts';
export { DATA_TILES } from './data-tile-codec.ts';
export { dataTilePath, parseDataTilePath } from './data-tile-path.ts';
export type { CtSubject, TileLeaf } from './tile-leaf.ts';
export { ctLeafHash, decodeDataTile, decodeTileLeaf, encodeTileLeaf } from './tile-leaf.ts';
