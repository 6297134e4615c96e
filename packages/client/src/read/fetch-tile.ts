import type { Hash } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import {
  type BundleId,
  bundlePath,
  decodeEntryBundle,
  decodeHashTile,
  fullPath,
  TILE_WIDTH,
  type TileId,
  type TilePath,
  tilePath,
} from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';

/** An object as a source served it: nothing about it is verified yet. */
export interface Fetched<T> {
  /** Where it was found: the partial's own path, or that of the full object it was cut from. */
  readonly path: TilePath;
  readonly items: readonly T[];
}

/**
 * Fetches a hash tile. A partial tile that is gone is cut from the full one, which a log may keep in its place
 * (tlog-tiles, "Partial Tiles"). The hashes MUST be checked against a signed tree before they are used.
 *
 * @throws ClientError `missing`, `malformed`, what the source throws
 */
export function fetchTile(source: TileSource, tile: TileId, signal?: AbortSignal): Promise<Fetched<Hash>> {
  return fetchObject(source, tilePath(tile), tile.width, decodeHashTile, signal);
}

/**
 * Fetches an entry bundle, as {@link fetchTile} does a tile. The entries' hashes MUST be compared with the level-0 tile.
 *
 * @throws ClientError `missing`, `malformed`, what the source throws
 */
export function fetchBundle(source: TileSource, bundle: BundleId, signal?: AbortSignal): Promise<Fetched<Uint8Array>> {
  return fetchObject(source, bundlePath(bundle), bundle.width, decodeEntryBundle, signal);
}

async function fetchObject<T>(
  source: TileSource,
  path: TilePath,
  width: number,
  decode: (bytes: Uint8Array, width: number) => T[],
  signal: AbortSignal | undefined,
): Promise<Fetched<T>> {
  const bytes = await source.read(path, signal);
  if (bytes !== undefined) return { path, items: decodeAt(path, () => decode(bytes, width)) };
  const full = fullPath(path);
  const fullBytes = width === TILE_WIDTH ? undefined : await source.read(full, signal);
  if (fullBytes === undefined) throw new ClientError('missing', `${path} is missing`);
  return { path: full, items: decodeAt(full, () => decode(fullBytes, TILE_WIDTH).slice(0, width)) };
}

function decodeAt<T>(path: TilePath, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new ClientError('malformed', `${path}: ${cause.message}`, { cause });
  }
}
