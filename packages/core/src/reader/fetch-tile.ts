import type { Hash } from '../bytes/hash-value.ts';
import { CoreError } from '../core-error.ts';
import type { EntryCodec } from '../tiles/entry-codec.ts';
import { decodeHashTile } from '../tiles/hash-tile.ts';
import type { BundleId, TileId } from '../tiles/tile-id.ts';
import { type TilePath, tilePath } from '../tiles/tile-path.ts';
import { TILE_WIDTH } from '../tiles/tile-shape.ts';
import type { ReadObject, ReadSignal } from './read-object.ts';

/** An object as it was served: nothing about it is verified yet. */
export interface Fetched<T> {
  /** Where it was found: the partial's own path, or that of the full object it was cut from. */
  readonly path: TilePath;
  readonly items: readonly T[];
}

/**
 * Fetches a hash tile. A partial tile that is gone is cut from the full one, which a log may keep in its place
 * (tlog-tiles, "Partial Tiles"). The hashes MUST be checked against a signed tree before they are used.
 *
 * @throws CoreError `missing`, `malformed`, `out-of-range`; what `read` throws
 */
export function fetchTile(read: ReadObject, tile: TileId, signal?: ReadSignal): Promise<Fetched<Hash>> {
  const pathOf = (width: number) => tilePath({ ...tile, width });
  return fetchObject(read, pathOf, tile.width, decodeHashTile, signal);
}

/**
 * Fetches the entries of a level-0 tile, as {@link fetchTile} does the tile. Their hashes MUST be compared with it.
 *
 * @throws CoreError `missing`, `malformed`, `out-of-range`; what `read` throws
 */
export function fetchEntries<E>(
  read: ReadObject,
  codec: EntryCodec<E>,
  bundle: BundleId,
  signal?: ReadSignal,
): Promise<Fetched<E>> {
  const pathOf = (width: number) => codec.path({ ...bundle, width });
  return fetchObject(read, pathOf, bundle.width, (bytes, width) => codec.decode(bytes, width), signal);
}

async function fetchObject<T>(
  read: ReadObject,
  pathOf: (width: number) => TilePath,
  width: number,
  decode: (bytes: Uint8Array, width: number) => readonly T[],
  signal: ReadSignal | undefined,
): Promise<Fetched<T>> {
  const path = pathOf(width);
  const bytes = await read(path, signal);
  if (bytes !== undefined) return { path, items: decodeAt(path, () => decode(bytes, width)) };
  const full = pathOf(TILE_WIDTH);
  const fullBytes = width === TILE_WIDTH ? undefined : await read(full, signal);
  if (fullBytes === undefined) throw new CoreError('missing', `${path} is missing`);
  return { path: full, items: decodeAt(full, () => decode(fullBytes, TILE_WIDTH).slice(0, width)) };
}

function decodeAt<T>(path: TilePath, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new CoreError(cause.code, `${path}: ${cause.message}`, { cause });
  }
}
