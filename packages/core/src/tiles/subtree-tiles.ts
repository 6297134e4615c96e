import { asHash, HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { foldSubtrees } from '../merkle/fold.ts';
import { completeSubtrees, type LeafRange } from '../merkle/subtree.ts';
import { tileRoot } from './hash-tile.ts';
import { TILE_WIDTH, type TileId } from './tile-id.ts';
import { widthAt } from './tile-range.ts';

/** Hands over a tile that {@link neededTiles} named: its hashes, or its bytes. More hashes than needed do no harm. */
export type GetTile = (level: number, index: number) => readonly Hash[] | Uint8Array;

/** The hashes of one tile under which a complete subtree lies: those from `offset` on, a power of two of them. */
interface TileSlice {
  readonly level: number;
  readonly index: number;
  readonly offset: number;
  readonly count: number;
}

/**
 * The tiles that the hashes of these subtrees are derived from, each once, as they are in a tree of `size` leaves.
 * For a proof, pass what `inclusionProofRanges` or `consistencyProofRanges` return.
 *
 * @throws CoreError `out-of-range` when a range is not a subtree or ends beyond `size`.
 */
export function neededTiles(ranges: readonly LeafRange[], size: number): TileId[] {
  const tiles = new Map<string, TileId>();
  for (const { start, end } of ranges) {
    for (const { level, index } of slices(start, end, size)) {
      const key = `${level}/${index}`;
      if (!tiles.has(key)) tiles.set(key, { level, index, width: widthAt(level, index, size) });
    }
  }
  return [...tiles.values()];
}

/**
 * Hash of the subtree [start, end) of a tree of `size` leaves, from its tiles. The subtree may be complete at any level
 * or incomplete, as those at the right edge are. An empty subtree has the empty root.
 *
 * @throws CoreError `out-of-range` when the range is not a subtree or ends beyond `size`; `mismatch` when `getTile`
 *   returns a tile with too few hashes; what `getTile` throws.
 */
export function subtreeHashFromTiles(start: number, end: number, size: number, getTile: GetTile): Hash {
  return foldSubtrees(
    slices(start, end, size).map((slice) => {
      const hashes = hashesOf(getTile(slice.level, slice.index), slice);
      return hashes.length === 1 && hashes[0] !== undefined ? hashes[0] : tileRoot(hashes);
    }),
  );
}

function slices(start: number, end: number, size: number): TileSlice[] {
  if (end > asTreeSize(size)) throw new CoreError('out-of-range', 'the subtree ends beyond the size of the tree');
  return completeSubtrees(start, end).map((subtree) => {
    let level = 0;
    let count = subtree.end - subtree.start;
    let first = subtree.start;
    while (count >= TILE_WIDTH) {
      count /= TILE_WIDTH;
      first /= TILE_WIDTH;
      level += 1;
    }
    const offset = first % TILE_WIDTH;
    return { level, index: (first - offset) / TILE_WIDTH, offset, count };
  });
}

function hashesOf(tile: readonly Hash[] | Uint8Array, { level, index, offset, count }: TileSlice): readonly Hash[] {
  const held = tile instanceof Uint8Array ? Math.floor(tile.length / HASH_SIZE) : tile.length;
  if (held < offset + count) {
    throw new CoreError('mismatch', `tile ${level}/${index} has ${held} hashes, ${offset + count} are needed`);
  }
  if (!(tile instanceof Uint8Array)) return tile.slice(offset, offset + count);
  const hashes: Hash[] = [];
  for (let at = offset * HASH_SIZE; hashes.length < count; at += HASH_SIZE) {
    // A copy, so that a proof does not keep whole tiles alive.
    hashes.push(asHash(new Uint8Array(tile.subarray(at, at + HASH_SIZE))));
  }
  return hashes;
}
