import type { Hash } from '../bytes/hash-value.ts';
import { nodeHash } from '../hash/tree-hash.ts';

/**
 * Every level of hash tiles over these leaf hashes, as flat lists: level `l` holds one hash for each complete subtree
 * of width^l leaves. Tile `n` of a level is its hashes from width·n on (tlog-tiles, "Merkle Tree"). `width` is 256, or
 * another power of two from 2 on for tests of engines.
 */
export function naiveTileLevels(leaves: readonly Hash[], width = 256): readonly (readonly Hash[])[] {
  const levels: (readonly Hash[])[] = [];
  for (let hashes = leaves; hashes.length > 0; ) {
    levels.push(hashes);
    for (let rest = width; rest > 1; rest /= 2) hashes = pairUp(hashes);
  }
  return levels;
}

/** A getter of tiles from {@link naiveTileLevels} of the same `width`, for `subtreeHashFromTiles`. */
export function naiveTiles(
  levels: readonly (readonly Hash[])[],
  width = 256,
): (level: number, index: number) => readonly Hash[] {
  return (level, index) => (levels[level] ?? []).slice(width * index, width * (index + 1));
}

function pairUp(hashes: readonly Hash[]): readonly Hash[] {
  const parents: Hash[] = [];
  for (let i = 0; i + 1 < hashes.length; i += 2) {
    const [left, right] = hashes.slice(i, i + 2);
    if (left !== undefined && right !== undefined) parents.push(nodeHash(left, right));
  }
  return parents;
}
