import { expect, test } from 'vitest';
import type { Hash } from '../../bytes/hash-value.ts';
import { equalBytes } from '../../bytes/sequences.ts';
import { asTreeSize } from '../../bytes/tree-numbers.ts';
import { naiveTree } from '../../testing/naive-tree.ts';
import { naiveVerifyConsistency, naiveVerifyInclusion } from '../../testing/naive-verify.ts';
import { recordLeaves } from '../../testing/record-leaves.ts';
import { proveInclusion, rootFromInclusion } from '../inclusion-proof.ts';
import { isSubtree } from '../subtree.ts';
import { proveSubtree, subtreeHashFromProof } from '../subtree-proof.ts';
import type { Tree } from '../tree.ts';

const LIMIT = 260;
const leaves = recordLeaves(LIMIT);
const slow = naiveTree(leaves);
const trees: readonly Tree[] = Array.from({ length: LIMIT + 1 }, (_, size) => ({
  size: asTreeSize(size),
  root: slow.root(0, size),
}));
const subtrees = Array.from({ length: LIMIT + 1 }, (_, start) => start).flatMap((start) =>
  trees.flatMap(({ size: end }) => (isSubtree(start, end) ? [{ start, end, hash: slow.root(start, end) }] : [])),
);

// Millions of comparisons: matchers would take longer than the proofs.
const isSame = (a: readonly Hash[], b: readonly Hash[]) =>
  a.length === b.length && a.every((hash, i) => hash === b[i] || equalBytes(hash, b[i] ?? new Uint8Array(0)));

test('every subtree of every tree of up to 260 leaves: the proof of the slow algorithm, and it leads to the root', () => {
  let checked = 0;
  for (const { size, root } of trees) {
    for (const { start, end, hash } of subtrees) {
      if (end > size) continue;
      const proof = proveSubtree(start, end, size, slow.root);
      checked += 1;
      if (!isSame(proof, slow.subtree(start, end, size))) expect({ start, end, size, proof }).toBeUndefined();
      const found = subtreeHashFromProof(start, end, size, hash, proof);
      const rightRoot = start === end || equalBytes(found.root ?? hash, root);
      if (!rightRoot || !equalBytes(found.subtree, hash)) expect({ start, end, size, found }).toBeUndefined();
    }
  }
  expect(checked).toBeGreaterThan(180_000);
});

test('every record in every subtree of up to 260 leaves', () => {
  let checked = 0;
  for (const { start, end, hash } of subtrees) {
    for (let index = start; index < end; index++) {
      const [at, size] = [index - start, end - start];
      const proof = proveInclusion(at, size, (lo, hi) => slow.root(start + lo, start + hi));
      checked += 1;
      const leaf = leaves[index] ?? hash;
      if (!equalBytes(rootFromInclusion(leaf, at, size, proof), hash)) expect({ start, end, index }).toBeUndefined();
      if (naiveVerifyInclusion(leaf, at, { size: asTreeSize(size), root: hash }, proof)) continue;
      expect({ start, end, index, proof }).toBeUndefined();
    }
  }
  expect(checked).toBeGreaterThan(30_000);
});

test('the second verifiers accept the proofs of the slow algorithm of every tree of up to 260 leaves', () => {
  for (const now of trees) {
    for (const old of trees.slice(1, now.size)) {
      const proof = slow.consistency(old.size, now.size);
      if (!naiveVerifyConsistency(old, now, proof)) expect({ old, now, proof }).toBeUndefined();
    }
  }
});
