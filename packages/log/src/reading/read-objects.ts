import { HASH_SIZE } from '@tilewright/core/hash';
import {
  type BundleId,
  bundlePath,
  decodeEntryBundle,
  type TileId,
  type TilePath,
  type TileShape,
  tilePath,
} from '@tilewright/core/tiles';
import { LogError } from '../log-error.ts';
import type { ObjectStore } from '../ports/index.ts';

/** All that reading needs of an object store. */
export type ObjectReader = Pick<ObjectStore, 'read'>;

/** How to read. */
export interface Reading {
  readonly signal?: AbortSignal | undefined;
  /** Of the tiles that the log is stored in. */
  readonly shape: TileShape;
}

/** Width of the last partial of a run of `count` items at tile `index`: 0 when there is none, `full` when it is full. */
function widthIn(count: number, index: number, full: number): number {
  return Math.max(0, Math.min(full, count - index * full));
}

/** The widths under which the first `width` items of a tile may be stored: asked for, full, widest of the tree. */
function candidates(width: number, count: number, index: number, full: number): number[] {
  return [...new Set([width, full, widthIn(count, index, full)])].filter((candidate) => candidate >= width);
}

/** An object under the first of these widths that is there. */
async function firstPresent(
  objects: ObjectReader,
  widths: readonly number[],
  pathOf: (width: number) => TilePath,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly width: number; readonly path: TilePath }> {
  for (const width of widths) {
    const path = pathOf(width);
    const bytes = await objects.read(path, signal);
    if (bytes !== undefined) return { bytes, width, path };
  }
  const path = pathOf(widths[0] ?? 1);
  throw new LogError('corrupt', `the log's storage lacks ${path}: put it back from a backup or a mirror`, { path });
}

/**
 * The first `tile.width` hashes of a tile, 32 bytes each, of a tree of `size`.
 * A partial that was collected is read from the full tile (tlog-tiles, Partial Tiles). Throws 'corrupt' when it is missing or of another length.
 */
export async function readHashTile(
  objects: ObjectReader,
  tile: TileId,
  size: number,
  { signal, shape }: Reading,
): Promise<Uint8Array> {
  const count = Math.floor(size / shape.width ** tile.level);
  const widths = candidates(tile.width, count, tile.index, shape.width);
  const pathOf = (width: number): TilePath => tilePath({ ...tile, width }, shape);
  const { bytes, width, path } = await firstPresent(objects, widths, pathOf, signal);
  if (bytes.length !== width * HASH_SIZE) {
    throw new LogError('corrupt', `${path} is ${bytes.length} bytes long: put it back from a backup or a mirror`, {
      path,
    });
  }
  return bytes.subarray(0, tile.width * HASH_SIZE);
}

/** The first `bundle.width` entries of a bundle, of a tree of `size`. Throws 'corrupt' when it is missing or malformed. */
export async function readEntries(
  objects: ObjectReader,
  bundle: BundleId,
  size: number,
  { signal, shape }: Reading,
): Promise<Uint8Array[]> {
  const widths = candidates(bundle.width, size, bundle.index, shape.width);
  const pathOf = (width: number): TilePath => bundlePath({ ...bundle, width }, shape);
  const { bytes, width, path } = await firstPresent(objects, widths, pathOf, signal);
  try {
    return decodeEntryBundle(bytes, width).slice(0, bundle.width);
  } catch (cause) {
    throw new LogError('corrupt', `${path} is not an entry bundle: put it back from a backup or a mirror`, {
      path,
      cause,
    });
  }
}
