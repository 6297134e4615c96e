import type { Hash } from '../bytes/hash-value.ts';
import { EMPTY_ROOT, nodeHash } from '../hash/tree-hash.ts';

// A second, slow algorithm to judge the first: RFC 6962 sections 2.1 to 2.1.2 as written, on lists of leaf hashes.

/** Root of the tree of these leaf hashes (RFC 6962, section 2.1). */
export function naiveRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  const k = largestPowerBelow(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** Inclusion proof of leaf `index`: PATH(m, D) of RFC 6962, section 2.1.1. */
export function naiveInclusion(leaves: readonly Hash[], index: number): Hash[] {
  if (leaves.length <= 1) return [];
  const k = largestPowerBelow(leaves.length);
  return index < k
    ? [...naiveInclusion(leaves.slice(0, k), index), naiveRoot(leaves.slice(k))]
    : [...naiveInclusion(leaves.slice(k), index - k), naiveRoot(leaves.slice(0, k))];
}

/** Consistency proof from the first `old` leaves to all: PROOF(m, D) of RFC 6962, section 2.1.2; empty for 0. */
export function naiveConsistency(leaves: readonly Hash[], old: number): Hash[] {
  return old === 0 ? [] : subproof(leaves, old, true);
}

function subproof(leaves: readonly Hash[], old: number, known: boolean): Hash[] {
  if (old === leaves.length) return known ? [] : [naiveRoot(leaves)];
  const k = largestPowerBelow(leaves.length);
  return old <= k
    ? [...subproof(leaves.slice(0, k), old, known), naiveRoot(leaves.slice(k))]
    : [...subproof(leaves.slice(k), old - k, false), naiveRoot(leaves.slice(0, k))];
}

function largestPowerBelow(n: number): number {
  let k = 1;
  while (2 * k < n) k = 2 * k;
  return k;
}
