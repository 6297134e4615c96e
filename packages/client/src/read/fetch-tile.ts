import type { Hash } from '@tilewright/core/bytes';
import * as core from '@tilewright/core/reader';
import { type BundleId, ENTRY_BUNDLES, type TileId } from '@tilewright/core/tiles';
import type { TileSource } from '../source/tile-source.ts';
import { objectsOf, readByCore } from './from-core.ts';

/**
 * Fetches a hash tile, a partial one from the full one where need be. Nothing about it is verified.
 *
 * @throws ClientError `missing`, `malformed`, what the source throws
 */
export function fetchTile(source: TileSource, tile: TileId, signal?: AbortSignal): Promise<core.Fetched<Hash>> {
  return readByCore(() => core.fetchTile(objectsOf(source), tile, signal));
}

/**
 * Fetches an entry bundle, as {@link fetchTile} does a tile.
 *
 * @throws ClientError `missing`, `malformed`, what the source throws
 */
export function fetchBundle(
  source: TileSource,
  bundle: BundleId,
  signal?: AbortSignal,
): Promise<core.Fetched<Uint8Array>> {
  return readByCore(() => core.fetchEntries(objectsOf(source), ENTRY_BUNDLES, bundle, signal));
}
