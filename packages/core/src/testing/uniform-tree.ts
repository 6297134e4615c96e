import type { Hash } from '../bytes/hash-value.ts';
import { EMPTY_ROOT, nodeHash } from '../hash/tree-hash.ts';
import { largestPowerBelow, type NaiveTree, naiveProofs } from './naive-tree.ts';

/**
 * As `naiveTree`, of any number of leaves up to 2^53-1: all have the hash `leaf`, but for a few `marked` ones by their
 * index. A subtree without marked leaves is known by its width and hashed once, so that huge trees are cheap.
 */
export function uniformTree(leaf: Hash, marked: ReadonlyMap<number, Hash> = new Map()): NaiveTree {
  const marks = [...marked.keys()];
  const uniform = new Map<number, Hash>();

  function root(lo: number, hi: number): Hash {
    const width = hi - lo;
    if (width === 0) return EMPTY_ROOT;
    if (width === 1) return marked.get(lo) ?? leaf;
    const isUniform = marks.every((index) => index < lo || index >= hi);
    const known = isUniform ? uniform.get(width) : undefined;
    if (known !== undefined) return known;
    const middle = lo + largestPowerBelow(width);
    const hash = nodeHash(root(lo, middle), root(middle, hi));
    if (isUniform) uniform.set(width, hash);
    return hash;
  }

  return { root, ...naiveProofs(root) };
}
