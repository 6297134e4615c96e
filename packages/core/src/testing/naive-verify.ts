import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { nodeHash } from '../hash/tree-hash.ts';
import type { Tree } from '../merkle/tree.ts';

/**
 * A second way to verify an inclusion proof: climbing by the bits of index and size, as RFC 9162 section 2.1.3.2 has it,
 * in BigInt.
 */
export function naiveVerifyInclusion(leaf: Hash, index: number, tree: Tree, proof: readonly Hash[]): boolean {
  if (index >= tree.size) return false;
  let node = BigInt(index);
  let last = BigInt(tree.size) - 1n;
  let hash = leaf;
  for (const given of proof) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      hash = nodeHash(given, hash);
      while (node % 2n === 0n && node > 0n) {
        node /= 2n;
        last /= 2n;
      }
    } else {
      hash = nodeHash(hash, given);
    }
    node /= 2n;
    last /= 2n;
  }
  return last === 0n && equalBytes(hash, tree.root);
}

/** As {@link naiveVerifyInclusion}, a consistency proof between sizes 0 < old < now: RFC 9162 section 2.1.4.2. */
export function naiveVerifyConsistency(old: Tree, now: Tree, proof: readonly Hash[]): boolean {
  let node = BigInt(old.size) - 1n;
  let last = BigInt(now.size) - 1n;
  while (node % 2n === 1n) {
    node /= 2n;
    last /= 2n;
  }
  // At 0 the old tree is one complete subtree, whose root the verifier has.
  const [seed, ...rest] = node === 0n ? [old.root, ...proof] : proof;
  if (seed === undefined || proof.length === 0) return false;
  let before = seed;
  let after = seed;
  for (const given of rest) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      before = nodeHash(given, before);
      after = nodeHash(given, after);
      while (node % 2n === 0n && node > 0n) {
        node /= 2n;
        last /= 2n;
      }
    } else {
      after = nodeHash(after, given);
    }
    node /= 2n;
    last /= 2n;
  }
  return last === 0n && equalBytes(before, old.root) && equalBytes(after, now.root);
}
