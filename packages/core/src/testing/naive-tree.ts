import type { Hash } from '../bytes/hash-value.ts';
import { EMPTY_ROOT, nodeHash } from '../hash/tree-hash.ts';

/**
 * A second, slow algorithm to judge the first: the definitions of RFC 6962 sections 2.1 to 2.1.2 as written. It only
 * remembers what it computed, so that proofs of all sizes of one tree can be compared.
 */
export interface NaiveTree {
  /** MTH(D[lo:hi]), the root over a run of leaves. */
  root(lo: number, hi: number): Hash;
  /** PATH(index, D[0:size]), section 2.1.1. */
  inclusion(index: number, size: number): Hash[];
  /** PROOF(old, D[0:size]), section 2.1.2; empty for 0. */
  consistency(old: number, size: number): Hash[];
  /** SUBTREE_PROOF(start, end, D[0:size]) of Merkle Tree Certificates, "Subtree Consistency Proofs"; empty for none. */
  subtree(start: number, end: number, size: number): Hash[];
}

/** The proofs over a tree whose hashes `root` knows, each by the recursion that defines it. */
export function naiveProofs(root: NaiveTree['root']): Omit<NaiveTree, 'root'> {
  function path(index: number, lo: number, hi: number): Hash[] {
    if (hi - lo === 1) return [];
    const middle = lo + largestPowerBelow(hi - lo);
    return index < middle
      ? [...path(index, lo, middle), root(middle, hi)]
      : [...path(index, middle, hi), root(lo, middle)];
  }

  function subproof(start: number, end: number, lo: number, hi: number, complete: boolean): Hash[] {
    if (start === lo && end === hi) return complete ? [] : [root(lo, hi)];
    const middle = lo + largestPowerBelow(hi - lo);
    if (end <= middle) return [...subproof(start, end, lo, middle, complete), root(middle, hi)];
    if (start >= middle) return [...subproof(start, end, middle, hi, complete), root(lo, middle)];
    return [...subproof(middle, end, middle, hi, false), root(lo, middle)];
  }

  return {
    inclusion: (index, size) => path(index, 0, size),
    consistency: (old, size) => (old === 0 ? [] : subproof(0, old, 0, size, true)),
    subtree: (start, end, size) => (start === end ? [] : subproof(start, end, 0, size, true)),
  };
}

/** The tree over these leaf hashes. */
export function naiveTree(leaves: readonly Hash[]): NaiveTree {
  const known = new Map<string, Hash>();

  function root(lo: number, hi: number): Hash {
    if (hi === lo) return EMPTY_ROOT;
    const leaf = leaves[lo];
    if (leaf === undefined || hi > leaves.length) throw new Error(`there are only ${leaves.length} leaves`);
    if (hi - lo === 1) return leaf;
    const key = `${lo},${hi}`;
    const middle = lo + largestPowerBelow(hi - lo);
    const hash = known.get(key) ?? nodeHash(root(lo, middle), root(middle, hi));
    known.set(key, hash);
    return hash;
  }

  return { root, ...naiveProofs(root) };
}

/** Root of the tree of these leaf hashes (RFC 6962, section 2.1). */
export function naiveRoot(leaves: readonly Hash[]): Hash {
  return naiveTree(leaves).root(0, leaves.length);
}

/** Inclusion proof of leaf `index` among these leaf hashes (RFC 6962, section 2.1.1). */
export function naiveInclusion(leaves: readonly Hash[], index: number): Hash[] {
  return naiveTree(leaves).inclusion(index, leaves.length);
}

/** Consistency proof from the first `old` of these leaf hashes to all (RFC 6962, section 2.1.2). */
export function naiveConsistency(leaves: readonly Hash[], old: number): Hash[] {
  return naiveTree(leaves).consistency(old, leaves.length);
}

/** The largest power of two below `n` ≥ 2. */
export function largestPowerBelow(n: number): number {
  let k = 1;
  while (2 * k < n) k = 2 * k;
  return k;
}
