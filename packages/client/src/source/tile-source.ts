import { NOTE_LIMITS } from '@tilewright/core/note';
import { MAX_ENTRY_SIZE, parseTilePath, TILE_WIDTH, type TilePath } from '@tilewright/core/tiles';

/** What can be read of a log, relative to its prefix (tlog-tiles, "Paths"). */
export type SourcePath = 'checkpoint' | TilePath;

/** One name in a directory of a source. */
export interface ListedName {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Where the public objects of a log are read from. Nothing that comes out of it is trusted. */
export interface TileSource {
  /** The URL or directory, for messages. */
  readonly label: string;
  /**
   * The object's bytes; `undefined` only when the source says that it does not exist.
   * @throws ClientError `network`, `timeout`, `http-status`, `too-large`, `io`, `aborted`
   */
  read(path: SourcePath, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /**
   * The names in a directory (`''` is the log's prefix itself, else for example `tile/0`); `undefined` when there is no
   * such directory. Only sources that can enumerate have it: directories, not URLs.
   * @throws ClientError `io`, `aborted`
   */
  list?(directory: string, signal?: AbortSignal): Promise<readonly ListedName[] | undefined>;
}

const HASH_BYTES = 32;
const LENGTH_BYTES = 2;

/** The most bytes that an object at this path can have: 1 MiB for a checkpoint, 16 MiB for a full entry bundle. */
export function maxBytesAt(path: SourcePath): number {
  if (path === 'checkpoint') return NOTE_LIMITS.maxBytes;
  const parts = parseTilePath(path);
  return parts.kind === 'hash' ? HASH_BYTES * TILE_WIDTH : parts.bundle.width * (LENGTH_BYTES + MAX_ENTRY_SIZE);
}
