import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { concatBytes, equalBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveConsistency, naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { consistencyProofRanges, proveConsistency, verifyConsistency } from './consistency-proof.ts';
import type { Tree } from './tree.ts';

const leaves = recordLeaves(70_000);
const tree = naiveTree(leaves);

function treeOf(size: number): Tree {
  return { size: asTreeSize(size), root: tree.root(0, size) };
}

function flipBit(hash: Hash, bit: number): Hash {
  const flipped = hash.slice();
  const at = Math.floor(bit / 8);
  flipped[at] = (flipped[at] ?? 0) ^ (2 ** (bit % 8));
  return asHash(flipped);
}

// One comparison a proof: matchers on arrays of bytes would take longer than the proofs.
function expectSame(a: readonly Hash[], b: readonly Hash[]): void {
  if (!equalBytes(concatBytes(...a), concatBytes(...b))) expect(a).toEqual(b);
}

test.each(c2sp.consistency)('vector: $old to $new', (vector) => {
  expect(proveConsistency(vector.old, vector.new, tree.root).map(encodeBase64)).toEqual(vector.proof);
  const proof = vector.proof.map((hash) => asHash(decodeBase64(hash)));
  verifyConsistency(treeOf(vector.old), treeOf(vector.new), proof);
});

test('every pair of sizes up to 260', () => {
  const trees = Array.from({ length: 261 }, (_, size) => treeOf(size));
  for (const now of trees) {
    for (const old of trees.slice(0, now.size + 1)) {
      const proof = tree.consistency(old.size, now.size);
      expectSame(proveConsistency(old.size, now.size, tree.root), proof);
      verifyConsistency(old, now, proof);
    }
  }
});

const around = [65_534, 65_535, 65_536, 65_537, 65_792, 70_000];
test.each(around)('old trees of the tree of %i leaves', (size) => {
  for (const old of [0, 1, 255, 256, 257, 32_767, 32_768, 32_769, 65_280, size - 256, size - 1, size]) {
    const proof = proveConsistency(old, size, tree.root);
    expectSame(proof, tree.consistency(old, size));
    verifyConsistency(treeOf(old), treeOf(size), proof);
  }
});

test('the slow algorithm agrees with itself on a prefix', () => {
  expectSame(naiveConsistency(leaves.slice(0, 100), 42), tree.consistency(42, 100));
});

test('a proof from a power of two does not repeat what the verifier knows', () => {
  expect(consistencyProofRanges(4, 7)).toEqual([{ start: 4, end: 7 }]);
  expect(consistencyProofRanges(6, 7)).toEqual([
    { start: 4, end: 6 },
    { start: 6, end: 7 },
    { start: 0, end: 4 },
  ]);
});

test('N19: no proof of up to 130 leaves is valid when cut, extended, turned round or altered', () => {
  for (let size = 1; size <= 130; size++) {
    for (const old of [1, Math.ceil(size / 3), Math.ceil(size / 2), size - 1, size]) {
      if (old === 0) continue;
      const proof = proveConsistency(old, size, tree.root);
      const bad: (readonly Hash[])[] = [
        [...proof, EMPTY_ROOT],
        [EMPTY_ROOT, ...proof],
      ];
      if (proof.length > 0) bad.push(proof.slice(1), proof.slice(0, -1));
      if (proof.length > 1) bad.push(proof.toReversed());
      for (const [i, hash] of proof.entries()) bad.push(proof.with(i, flipBit(hash, (size + 7 * i) % 256)));
      for (const altered of bad) {
        expectCode(() => verifyConsistency(treeOf(old), treeOf(size), altered), CoreError, 'proof-invalid');
      }
    }
  }
});

test('a flipped bit anywhere makes a proof fail', () => {
  for (const [old, size] of [
    [1, 2],
    [3, 7],
    [4, 7],
    [6, 7],
    [100, 130],
  ] as const) {
    const [before, now] = [treeOf(old), treeOf(size)];
    const proof = proveConsistency(old, size, tree.root);
    for (let bit = 0; bit < 256; bit++) {
      for (const [i, hash] of proof.entries()) {
        const bad = proof.with(i, flipBit(hash, bit));
        expectCode(() => verifyConsistency(before, now, bad), CoreError, 'proof-invalid');
      }
      const otherOld = { ...before, root: flipBit(before.root, bit) };
      const otherNow = { ...now, root: flipBit(now.root, bit) };
      expectCode(() => verifyConsistency(otherOld, now, proof), CoreError, 'proof-invalid');
      expectCode(() => verifyConsistency(before, otherNow, proof), CoreError, 'proof-invalid');
    }
  }
});

test('N21: a tree does not continue a larger one', () => {
  const proof = proveConsistency(3, 7, tree.root);
  expectCode(() => verifyConsistency(treeOf(7), treeOf(3), proof), CoreError, 'proof-invalid');
  expectCode(() => consistencyProofRanges(7, 3), CoreError, 'out-of-range');
});

test('equal sizes take equal roots and no proof', () => {
  verifyConsistency(treeOf(5), treeOf(5), []);
  expectCode(() => verifyConsistency(treeOf(5), { ...treeOf(5), root: EMPTY_ROOT }, []), CoreError, 'proof-invalid');
  expectCode(() => verifyConsistency(treeOf(5), treeOf(5), [EMPTY_ROOT]), CoreError, 'proof-invalid');
});

test('every tree continues the empty one, which has one root only', () => {
  verifyConsistency(treeOf(0), treeOf(5), []);
  verifyConsistency(treeOf(0), treeOf(0), []);
  const wrong = { size: asTreeSize(0), root: treeOf(1).root };
  expectCode(() => verifyConsistency(wrong, treeOf(5), []), CoreError, 'proof-invalid');
  expectCode(() => verifyConsistency(wrong, wrong, []), CoreError, 'proof-invalid');
  expectCode(() => verifyConsistency(treeOf(0), wrong, []), CoreError, 'proof-invalid');
  expectCode(() => verifyConsistency(treeOf(0), treeOf(5), [EMPTY_ROOT]), CoreError, 'proof-invalid');
});
