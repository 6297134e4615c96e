import { expect, test } from 'vitest';
import { c2sp, rekor } from '../../test/vectors.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { parseDecimal } from '../bytes/decimal.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { concatBytes, equalBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { leafHash, nodeHash, sha256 } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveInclusion, naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { inclusionProofRanges, proveInclusion, rootFromInclusion, verifyInclusion } from './inclusion-proof.ts';

const leaves = recordLeaves(70_000);
const tree = naiveTree(leaves);

function leaf(index: number): Hash {
  return leaves[index] ?? asHash(new Uint8Array(0));
}

function treeOf(size: number) {
  return { size: asTreeSize(size), root: tree.root(0, size) };
}

function flipBit(hash: Hash, bit: number): Hash {
  const flipped = hash.slice();
  const at = Math.floor(bit / 8);
  flipped[at] = (flipped[at] ?? 0) ^ (2 ** (bit % 8));
  return asHash(flipped);
}

test.each(c2sp.inclusion)('vector: leaf $index of $size', (vector) => {
  const { index, size } = vector;
  expect(encodeBase64(leafHash(encodeUtf8(`record ${index}`)))).toBe(vector.leaf);
  expect(proveInclusion(index, size, tree.root).map(encodeBase64)).toEqual(vector.proof);
  const proof = vector.proof.map((hash) => asHash(decodeBase64(hash)));
  verifyInclusion(asHash(decodeBase64(vector.leaf)), index, treeOf(size), proof);
});

test.each(rekor.captured)('captured: $name', ({ tle }) => {
  const { inclusionProof } = tle;
  const root = asHash(decodeBase64(inclusionProof.rootHash));
  verifyInclusion(
    leafHash(decodeBase64(tle.canonicalizedBody)),
    parseDecimal(inclusionProof.logIndex),
    { size: asTreeSize(parseDecimal(inclusionProof.treeSize)), root },
    inclusionProof.hashes.map((hash) => asHash(decodeBase64(hash))),
  );
});

test('every leaf of every tree of up to 260 leaves', () => {
  for (let size = 1; size <= 260; size++) {
    const { root } = treeOf(size);
    for (let index = 0; index < size; index++) {
      const proof = tree.inclusion(index, size);
      expectSame(proveInclusion(index, size, tree.root), proof);
      expectSame([rootFromInclusion(leaf(index), index, size, proof)], [root]);
    }
  }
});

// One assertion a proof: matchers on arrays of bytes would take longer than the proofs.
function expectSame(a: readonly Hash[], b: readonly Hash[]): void {
  if (!equalBytes(concatBytes(...a), concatBytes(...b))) expect(a).toEqual(b);
}

const around = [65_534, 65_535, 65_536, 65_537, 65_792, 70_000];
test.each(around)('leaves of a tree of %i', (size) => {
  const whole = treeOf(size);
  for (const index of [0, 1, 255, 256, 32_767, 32_768, 65_280, size - 257, size - 2, size - 1]) {
    const proof = proveInclusion(index, size, tree.root);
    expectSame(proof, tree.inclusion(index, size));
    verifyInclusion(leaf(index), index, whole, proof);
  }
});

test('the slow algorithm agrees with itself on a prefix', () => {
  expectSame(naiveInclusion(leaves.slice(0, 100), 42), tree.inclusion(42, 100));
});

test('a flipped bit anywhere makes a proof fail', () => {
  for (const [index, size] of [
    [0, 1],
    [0, 2],
    [4, 5],
    [5, 7],
    [6, 7],
    [100, 130],
    [129, 130],
  ] as const) {
    const whole = treeOf(size);
    const proof = proveInclusion(index, size, tree.root);
    for (let bit = 0; bit < 256; bit++) {
      for (const [i, hash] of proof.entries()) {
        const bad = proof.with(i, flipBit(hash, bit));
        expectCode(() => verifyInclusion(leaf(index), index, whole, bad), CoreError, 'proof-invalid');
      }
      const other = flipBit(leaf(index), bit);
      expectCode(() => verifyInclusion(other, index, whole, proof), CoreError, 'proof-invalid');
    }
  }
});

test('N19: no proof of up to 130 leaves is valid when cut, extended, turned round or moved to another leaf', () => {
  for (let size = 1; size <= 130; size++) {
    const whole = treeOf(size);
    for (const index of [0, Math.floor(size / 3), Math.floor(size / 2), size - 1]) {
      const proof = proveInclusion(index, size, tree.root);
      const bad = [[...proof, leaf(0)], ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : [])];
      if (proof.length > 1) bad.push(proof.toReversed());
      for (const altered of bad) {
        expectCode(() => verifyInclusion(leaf(index), index, whole, altered), CoreError, 'proof-invalid');
      }
      if (size > 1) {
        const next = (index + 1) % size;
        expectCode(() => verifyInclusion(leaf(index), next, whole, proof), CoreError, 'proof-invalid');
      }
    }
  }
});

test.each([5, 6, -1, 0.5, Number.NaN, 2 ** 53])('N20: leaf %d is not in a tree of 5 leaves', (index) => {
  expectCode(() => verifyInclusion(leaf(0), index, treeOf(5), tree.inclusion(0, 5)), CoreError, 'proof-invalid');
  expectCode(() => inclusionProofRanges(index, 5), CoreError, 'out-of-range');
});

test('N22: an inner node passed off as an entry is another leaf', () => {
  const [left, right] = [leaf(0), leaf(1)];
  const inner = nodeHash(left, right);
  // The tree of two leaves, seen as a tree with one leaf whose entry would be the two hashes.
  const forged = leafHash(concatBytes(left, right));
  expect(forged).not.toEqual(inner);
  expectCode(() => verifyInclusion(forged, 0, { size: asTreeSize(1), root: inner }, []), CoreError, 'proof-invalid');
  const unprefixed = sha256(concatBytes(left, right));
  expectCode(
    () => verifyInclusion(unprefixed, 0, { size: asTreeSize(1), root: inner }, []),
    CoreError,
    'proof-invalid',
  );
});

test('N23: a size beyond 2^53-1 is refused, not rounded', () => {
  const size = 2 ** 53 + 1;
  expectCode(() => asTreeSize(size), CoreError, 'out-of-range');
  expectCode(() => inclusionProofRanges(0, size), CoreError, 'out-of-range');
  expectCode(() => rootFromInclusion(leaf(0), 0, size, []), CoreError, 'proof-invalid');
});
