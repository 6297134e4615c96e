import { CoreError } from '../core-error.ts';
import type { BundleId } from '../tiles/tile-id.ts';
import { bundlePath, parseTilePath, type TilePath } from '../tiles/tile-path.ts';

const DATA = 'tile/data/';
const ENTRIES = 'tile/entries/';
// tile/data/ + 7 groups + .p/255
const MAX_PATH_LENGTH = 64;

/**
 * Path of a data tile: as an entry bundle's, with `data` in the place of `entries` (static-ct-api, "Log Entries").
 *
 * @throws CoreError `out-of-range`
 */
export function dataTilePath(tile: BundleId): TilePath {
  return (DATA + bundlePath(tile).slice(ENTRIES.length)) as TilePath;
}

/**
 * The data tile that a path names.
 *
 * @throws CoreError `malformed`, `size-unsupported`
 */
export function parseDataTilePath(path: string): BundleId {
  if (path.length <= MAX_PATH_LENGTH && path.startsWith(DATA)) {
    const parsed = parseTilePath(ENTRIES + path.slice(DATA.length));
    if (parsed.kind === 'entries') return parsed.bundle;
  }
  throw new CoreError('malformed', 'not the path of a data tile');
}
