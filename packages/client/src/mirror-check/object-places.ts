import { bundlePath, TILE_WIDTH, type TilePath, tilePath, tilesForSize, widthAt } from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';

/** One tile or bundle of a tree. */
export interface ObjectPlace {
  readonly kind: 'hash' | 'entries';
  /** 0 for a bundle. */
  readonly level: number;
  readonly index: number;
  /** In the tree that it is a place of: 1 to 256. */
  readonly width: number;
}

/** How many objects a tree of `size` has: bundles, and hash tiles of every level. */
export function placesIn(size: number): number {
  return tilesForSize(size).reduce((sum, { level, index }) => sum + (index + 1) * (level === 0 ? 2 : 1), 0);
}

/** Object `i` of a tree of `size`: each bundle with its tile behind it, from the left, then the tiles of each level above. */
export function placeAt(size: number, i: number): ObjectPlace {
  let rest = i;
  for (const { level, index: last } of tilesForSize(size)) {
    const each = level === 0 ? 2 : 1;
    const count = (last + 1) * each;
    if (rest >= count) {
      rest -= count;
      continue;
    }
    const index = Math.floor(rest / each);
    const kind = level === 0 && rest % 2 === 0 ? 'entries' : 'hash';
    return { kind, level, index, width: widthAt(level, index, size) };
  }
  throw new ClientError('out-of-range', `a tree of size ${size} has no object ${i}`);
}

/** The path of the object at a place, where it has another width perhaps. */
export function pathOf({ kind, level, index }: ObjectPlace, width: number): TilePath {
  return kind === 'hash' ? tilePath({ level, index, width }) : bundlePath({ index, width });
}

/** The widths under which a copy of a tree of `size` may keep what is at a place: as its own tree has it, full, as it is there. */
export function widthsOf({ level, index, width }: ObjectPlace, size: number): readonly number[] {
  return [...new Set([widthAt(level, index, size), TILE_WIDTH, width])];
}
