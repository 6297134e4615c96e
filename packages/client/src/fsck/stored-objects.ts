import type { Hash } from '@tilewright/core/bytes';
import type { Fetched } from '@tilewright/core/reader';
import {
  type BundleId,
  bundlePath,
  TILE_WIDTH,
  type TileId,
  type TilePath,
  tilePath,
  widthAt,
} from '@tilewright/core/tiles';
import { ClientError, type ClientErrorCode } from '../client-error.ts';
import { fetchBundle, fetchTile } from '../read/fetch-tile.ts';
import type { TileSource } from '../source/tile-source.ts';
import type { MaybeHash } from './judge-tile.ts';
import type { Findings } from './report.ts';

/** An object as it is stored; without items when it is unreadable. */
export interface Stored<T> {
  readonly path: TilePath;
  readonly items: readonly T[] | undefined;
  /** Why there are no items. */
  readonly problem?: string;
}

/** Failures that are the object's fault; any other says nothing about the log and ends the check. */
const OBJECT_FAULTS: ReadonlySet<ClientErrorCode> = new Set<ClientErrorCode>([
  'missing',
  'malformed',
  'too-large',
  'io',
]);

/** Whether an error is the fault of the object that was read. */
export function isObjectFault(error: unknown): error is ClientError {
  return error instanceof ClientError && OBJECT_FAULTS.has(error.code);
}

/** Reads the objects of a tree. What is wrong with one is returned, not thrown. */
export class StoredObjects {
  readonly #source: TileSource;
  readonly #size: number;
  /** The last tile read of each level, for looking up single hashes in order. */
  readonly #recent = new Map<number, { readonly index: number; readonly hashes: readonly Hash[] | undefined }>();

  constructor(source: TileSource, size: number) {
    this.#source = source;
    this.#size = size;
  }

  tile(tile: TileId, signal: AbortSignal | undefined): Promise<Stored<Hash>> {
    return this.#stored(tilePath(tile), () => fetchTile(this.#source, tile, signal));
  }

  bundle(bundle: BundleId, signal: AbortSignal | undefined): Promise<Stored<Uint8Array>> {
    return this.#stored(bundlePath(bundle), () => fetchBundle(this.#source, bundle, signal));
  }

  /** The hash that the level above holds for a full tile, unverified. */
  async above(level: number, index: number, signal: AbortSignal | undefined): Promise<MaybeHash> {
    const offset = index % TILE_WIDTH;
    const parent = (index - offset) / TILE_WIDTH;
    const recent = this.#recent.get(level + 1);
    if (recent?.index === parent) return recent.hashes?.[offset];
    const tile = { level: level + 1, index: parent, width: widthAt(level + 1, parent, this.#size) };
    const { items } = await this.tile(tile, signal);
    this.#recent.set(level + 1, { index: parent, hashes: items });
    return items?.[offset];
  }

  async #stored<T>(path: TilePath, fetch: () => Promise<Fetched<T>>): Promise<Stored<T>> {
    try {
      return await fetch();
    } catch (error) {
      if (!isObjectFault(error)) throw error;
      return { path, items: undefined, problem: error.message };
    }
  }
}

/** Records that an object is unreadable. */
export function reportUnreadable<T>(stored: Stored<T>, findings: Findings): void {
  if (stored.items === undefined) findings.damage(stored.path, stored.problem ?? 'cannot be read');
}
