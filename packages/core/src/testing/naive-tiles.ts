import type { Hash } from '../bytes/hash-value.ts';
import { nodeHash } from '../hash/tree-hash.ts';

/**
 * Every level of hash tiles over these leaf hashes, as flat lists: level `l` holds one hash for each complete subtree
 * of 256^l leaves. Tile `n` of a level is its hashes from 256·n on (tlog-tiles, "Merkle Tree").
 */
export function naiveTileLevels(leaves: readonly Hash[]): readonly (readonly Hash[])[] {
  const levels: (readonly Hash[])[] = [];
  for (let hashes = leaves; hashes.length > 0; ) {
    levels.push(hashes);
    for (let halvings = 0; halvings < 8; halvings++) hashes = pairUp(hashes);
  }
  return levels;
}

/** A getter of tiles from {@link naiveTileLevels}, for `subtreeHashFromTiles`. */
export function naiveTiles(levels: readonly (readonly Hash[])[]): (level: number, index: number) => readonly Hash[] {
  return (level, index) => (levels[level] ?? []).slice(256 * index, 256 * (index + 1));
}

function pairUp(hashes: readonly Hash[]): readonly Hash[] {
  const parents: Hash[] = [];
  for (let i = 0; i + 1 < hashes.length; i += 2) {
    const [left, right] = hashes.slice(i, i + 2);
    if (left !== undefined && right !== undefined) parents.push(nodeHash(left, right));
  }
  return parents;
}
