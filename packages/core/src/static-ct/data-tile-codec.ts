import type { EntryCodec } from '../tiles/entry-codec.ts';
import { dataTilePath } from './data-tile-path.ts';
import { ctLeafHash, decodeDataTile, type TileLeaf } from './tile-leaf.ts';

/**
 * Data tiles, which static-CT logs have in the place of entry bundles: what a `TreeReader` takes to read such a log. The
 * tree says nothing of an entry's `chain`, nor of `precertificate`: those are as the log's server sent them.
 */
export const DATA_TILES: EntryCodec<TileLeaf> = { path: dataTilePath, decode: decodeDataTile, leafHash: ctLeafHash };
