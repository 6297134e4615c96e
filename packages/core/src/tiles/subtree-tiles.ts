import type { Hash } from '../bytes/hash-value.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT, nodeHash } from '../hash/tree-hash.ts';
import { completeSubtrees, isSubtree, type LeafRange, splitPoint } from '../merkle/subtree.ts';
import type { SubtreeHash } from '../merkle/subtree-proof.ts';
import type { TileId } from './tile-id.ts';
import { TileNodes } from './tile-nodes.ts';
import { widthAt } from './tile-range.ts';
import { type TileShape, TLOG_TILES, widthOf } from './tile-shape.ts';

/** Hands over a tile that {@link neededTiles} named: its hashes, or its bytes. More hashes than needed do no harm. */
export type GetTile = (level: number, index: number) => readonly Hash[] | Uint8Array;

/**
 * The tiles that the hashes of these subtrees are derived from, each once, as they are in a tree of `size` leaves.
 * For a proof, pass what `inclusionProofRanges` or `consistencyProofRanges` return.
 *
 * @throws CoreError `out-of-range` when a range is not a subtree or ends beyond `size`.
 */
export function neededTiles(ranges: readonly LeafRange[], size: number, shape: TileShape = TLOG_TILES): TileId[] {
  const full = widthOf(shape);
  const tiles = new Map<string, TileId>();
  for (const { start, end } of ranges) {
    checkSubtree(start, end, asTreeSize(size));
    for (const complete of completeSubtrees(start, end)) {
      const { level, index } = tileUnder(complete.start, complete.end - complete.start, full);
      const key = `${level}/${index}`;
      if (!tiles.has(key)) tiles.set(key, { level, index, width: widthAt(level, index, size, shape) });
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
export function subtreeHashFromTiles(
  start: number,
  end: number,
  size: number,
  getTile: GetTile,
  shape: TileShape = TLOG_TILES,
): Hash {
  return subtreeHasher(size, getTile, shape)(start, end);
}

/**
 * As {@link subtreeHashFromTiles}, for many subtrees of one tree: it asks for each tile once and computes hashes of
 * a tile many at a time, so that the proofs of a batch of neighbours cost about one node hash each. Let go of it with the tree: it remembers everything.
 *
 * @throws CoreError `out-of-range` for an impossible size.
 */
export function subtreeHasher(size: number, getTile: GetTile, shape: TileShape = TLOG_TILES): SubtreeHash {
  const limit = asTreeSize(size);
  const full = widthOf(shape);
  const tiles = table((level, index) => new TileNodes(getTile(level, index), full));
  const hashes = table((width, start): Hash => {
    const half = splitPoint(width);
    if (width > 1 && 2 * half !== width) {
      return nodeHash(hashes(half, start), hashes(width - half, start + half));
    }
    const { level, index, offset, count } = tileUnder(start, width, full);
    const tile = tiles(level, index);
    if (offset + count <= tile.width) return tile.root(offset, count);
    const missing = Math.max(offset, tile.width);
    throw new CoreError('mismatch', `tile ${level}/${index} is too narrow: it has no hash ${missing}`);
  });
  return (start, end) => {
    checkSubtree(start, end, limit);
    return start === end ? EMPTY_ROOT : hashes(end - start, start);
  };
}

/** A function of two numbers that remembers its results. */
function table<T>(compute: (a: number, b: number) => T): (a: number, b: number) => T {
  const rows = new Map<number, Map<number, T>>();
  return (a, b) => {
    const row = rows.get(a) ?? new Map<number, T>();
    rows.set(a, row);
    const known = row.get(b);
    if (known !== undefined) return known;
    const computed = compute(a, b);
    row.set(b, computed);
    return computed;
  };
}

/** The tile of `full` hashes that a complete subtree lies under, and which of its hashes: `count` from `offset`. */
function tileUnder(
  start: number,
  width: number,
  full: number,
): { level: number; index: number; offset: number; count: number } {
  let level = 0;
  let first = start;
  let count = width;
  for (; count >= full; count /= full) {
    first /= full;
    level += 1;
  }
  const offset = first % full;
  return { level, index: (first - offset) / full, offset, count };
}

function checkSubtree(start: number, end: number, size: number): void {
  if (!isSubtree(start, end) || end > size) {
    throw new CoreError('out-of-range', 'the range is not a subtree of a tree of this size');
  }
}
