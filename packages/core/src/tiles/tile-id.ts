import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { TILE_WIDTH } from './tile-shape.ts';

/** The highest tile level that a path can name. */
export const MAX_TILE_LEVEL = 63;

/** A hash tile (tlog-tiles, "Merkle Tree"). */
export interface TileId {
  /** 0 … 63; level 0 holds leaf hashes, each level above one hash for each full tile below. */
  readonly level: number;
  /** Position in the level, from 0 at the left. */
  readonly index: number;
  /** Hashes in the tile: 256 when full, 1 … 255 when partial (of another `TileShape` its width, and less). */
  readonly width: number;
}

/** An entry bundle (tlog-tiles, "Log Entries"): the entries of the level-0 tile of the same index and width. */
export interface BundleId {
  readonly index: number;
  /** Entries in the bundle: 256 when full, 1 … 255 when partial (of another `TileShape` its width, and less). */
  readonly width: number;
}

/** Throws `out-of-range` unless `level` is 0 … 63, `index` 0 … 2^53-1 and `width` 1 … `full`. */
export function checkTileId(level: number, index: number, width: number, full: number): void {
  if (!isCount(level) || level > MAX_TILE_LEVEL) {
    throw new CoreError('out-of-range', 'a tile level is an integer from 0 to 63');
  }
  if (!isCount(index)) throw new CoreError('out-of-range', 'a tile index is an integer from 0 to 2^53-1');
  checkWidth(width, full);
}

/** Throws `out-of-range` unless `width` is an integer in 1 … `full` (256). */
export function checkWidth(width: number, full: number = TILE_WIDTH): void {
  if (!isCount(width) || width < 1 || width > full) {
    throw new CoreError('out-of-range', `the width of a tile is an integer from 1 to ${full}`);
  }
}
