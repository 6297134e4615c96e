import type { Branded } from '../bytes/branded.ts';
import { parseDecimal } from '../bytes/decimal.ts';
import { CoreError } from '../core-error.ts';
import { formatIndexPath, parseIndexPath } from './index-path.ts';
import { type BundleId, checkTileId, MAX_TILE_LEVEL, type TileId } from './tile-id.ts';
import { type TileShape, TLOG_TILES, widthOf } from './tile-shape.ts';

/** Path of a tile, bundle or data tile relative to a log's prefix, from `tile/` on. */
export type TilePath = Branded<string, 'TilePath'>;

/** Path of a full tile or bundle: one without `.p/W`. */
export type FullTilePath = Branded<TilePath, 'FullTilePath'>;

/** What a path names. */
export type TilePathParts =
  | { readonly kind: 'hash'; readonly tile: TileId }
  | { readonly kind: 'entries'; readonly bundle: BundleId };

const PATH = /^tile\/(entries|[0-9]{1,2})\/([x0-9/]+?)(?:\.p\/([0-9]{1,3}))?$/;
const PARTIAL = /\.p\/[0-9]{1,3}$/;
// tile/entries/ + 7 groups + .p/255
const MAX_PATH_LENGTH = 64;

/**
 * Path of a hash tile: `tile/<L>/<N>`, with `.p/<W>` when partial (tlog-tiles, "Merkle Tree").
 *
 * @throws CoreError `out-of-range`
 */
export function tilePath(tile: TileId, shape: TileShape = TLOG_TILES): TilePath {
  const full = widthOf(shape);
  checkTileId(tile.level, tile.index, tile.width, full);
  return path(String(tile.level), tile.index, tile.width, full);
}

/**
 * Path of an entry bundle: `tile/entries/<N>`, with `.p/<W>` when partial (tlog-tiles, "Log Entries").
 *
 * @throws CoreError `out-of-range`
 */
export function bundlePath(bundle: BundleId, shape: TileShape = TLOG_TILES): TilePath {
  const full = widthOf(shape);
  checkTileId(0, bundle.index, bundle.width, full);
  return path('entries', bundle.index, bundle.width, full);
}

function path(folder: string, index: number, width: number, full: number): TilePath {
  const grown = `tile/${folder}/${formatIndexPath(String(index))}`;
  return (width === full ? grown : `${grown}.p/${width}`) as TilePath;
}

/** The path of the full tile or bundle that a partial one grows into. A full path is returned as it is. */
export function fullPath(path: TilePath): FullTilePath {
  return path.replace(PARTIAL, '') as FullTilePath;
}

/**
 * The tile or bundle that a path names. Every tile has exactly one path that this accepts.
 *
 * @throws CoreError `malformed` when it is not such a path; `size-unsupported` for an index above 2^53-1.
 */
export function parseTilePath(text: string, shape: TileShape = TLOG_TILES): TilePathParts {
  const full = widthOf(shape);
  const parts = text.length <= MAX_PATH_LENGTH ? PATH.exec(text) : null;
  const [, folder, indexPath, partial] = parts ?? [];
  if (folder === undefined || indexPath === undefined) {
    throw new CoreError(
      'malformed',
      'not a tile path: tile/<level or "entries">/<index>, with .p/<width> when partial',
    );
  }
  const digits = parseIndexPath(indexPath);
  const width = partial === undefined ? full : parseDecimal(partial);
  if (partial !== undefined && (width === 0 || width >= full)) {
    throw new CoreError('malformed', `the width of a partial tile is 1 to ${full - 1}`);
  }
  const level = folder === 'entries' ? 0 : parseDecimal(folder);
  if (level > MAX_TILE_LEVEL) throw new CoreError('malformed', 'a tile level is 0 to 63');
  const index = parseDecimal(digits);
  return folder === 'entries'
    ? { kind: 'entries', bundle: { index, width } }
    : { kind: 'hash', tile: { level, index, width } };
}
