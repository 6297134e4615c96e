import type { Branded } from '../bytes/branded.ts';
import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';

/**
 * How many levels of the tree a tile spans. It belongs to a log for ever: every path and byte of its tiles follows from
 * it. Only height 8 is tlog-tiles; others are for tests of engines, which then meet every boundary within a few entries.
 */
export type TileShape = Branded<
  {
    /** Levels of the tree from a tile's hashes up to the one hash above them: 1 … 8. */
    readonly height: number;
    /** Hashes of a full tile, entries of a full bundle: 2^height. */
    readonly width: number;
  },
  'TileShape'
>;

const MAX_HEIGHT = 8;
const SHAPES: readonly TileShape[] = Array.from({ length: MAX_HEIGHT + 1 }, (_, height) =>
  Object.freeze({ height, width: 2 ** height } as TileShape),
);

/**
 * The shape of tiles of `height` 1 … 8. See {@link TileShape}: a log that others are to read has height 8.
 *
 * @throws CoreError `out-of-range`
 */
export function tileShape(height: number): TileShape {
  const shape = isCount(height) && height > 0 ? SHAPES[height] : undefined;
  if (shape === undefined) {
    throw new CoreError('out-of-range', 'the height of a tile is an integer from 1 to 8; of a tlog-tiles log it is 8');
  }
  return shape;
}

/** The shape that tlog-tiles prescribes: height 8, width 256. */
export const TLOG_TILES: TileShape = tileShape(MAX_HEIGHT);

/**
 * The width of tiles of `shape`. A function with a shape for its last argument may be handed to `map`, which adds an
 * index: that would name other tiles, so it is refused.
 *
 * @throws CoreError `out-of-range`
 */
export function widthOf(shape: TileShape): number {
  if (SHAPES[shape.height] !== shape) throw new CoreError('out-of-range', 'the shape is not one of tileShape(1 … 8)');
  return shape.width;
}

/** Hashes of a full tile, entries of a full bundle, as tlog-tiles has them. */
export const TILE_WIDTH = 256;
