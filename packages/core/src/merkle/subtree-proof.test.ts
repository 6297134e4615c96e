import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { encodeHex } from '../bytes/hex.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT, leafHash, sha256 } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { proveInclusion } from './inclusion-proof.ts';
import { isSubtree } from './subtree.ts';
import { proveSubtree, subtreeHashFromProof, subtreeProofRanges, verifySubtree } from './subtree-proof.ts';

const LEAVES = 130;
const tree = naiveTree(Array.from({ length: LEAVES }, (_, i) => leafHash(Uint8Array.of(i))));
const records = naiveTree(recordLeaves(70_000));

function flip(hash: Hash): Hash {
  const flipped = hash.slice();
  flipped[0] = 255 - (flipped[0] ?? 0);
  return asHash(flipped);
}

function* subtrees(limit: number): Generator<readonly [start: number, end: number]> {
  for (let end = 0; end <= limit; end++) {
    for (let start = 0; start <= end; start++) if (isSubtree(start, end)) yield [start, end];
  }
}

test.each(c2sp.subtree)('vector: [$start, $end) of $size', ({ start, end, size, hash, proof }) => {
  const made = proveSubtree(start, end, size, records.root);
  expect(made.map(encodeBase64)).toEqual(proof);
  expect(encodeBase64(records.root(start, end))).toBe(hash);
  const given = proof.map((line) => asHash(decodeBase64(line)));
  verifySubtree(start, end, asHash(decodeBase64(hash)), { size: asTreeSize(size), root: records.root(0, size) }, given);
});

test.each(c2sp.subtree_invalid)('vector: nothing proves [%i, %i)', (start, end) => {
  expectCode(() => proveSubtree(start, end, 100, tree.root), CoreError, 'out-of-range');
  expectCode(() => subtreeHashFromProof(start, end, 100, EMPTY_ROOT, []), CoreError, 'proof-invalid');
});

test('accumulated: every subtree proof in trees of up to 130 leaves', () => {
  let text = '';
  for (let size = 0; size <= LEAVES; size++) {
    for (const [start, end] of subtrees(size)) {
      const proof = proveSubtree(start, end, size, tree.root);
      text += `[${start}, ${end}) ${size}${proof.map((hash) => ` ${encodeHex(hash)}`).join('')}\n`;
    }
  }
  expect(encodeHex(sha256(encodeUtf8(text)))).toBe('10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74');
});

test('accumulated: every record in every subtree', () => {
  let text = '';
  for (const [start, end] of subtrees(LEAVES)) {
    for (let index = start; index < end; index++) {
      const proof = proveInclusion(index - start, end - start, (lo, hi) => tree.root(start + lo, start + hi));
      text += `${index} [${start}, ${end})${proof.map((hash) => ` ${encodeHex(hash)}`).join('')}\n`;
    }
  }
  expect(encodeHex(sha256(encodeUtf8(text)))).toBe('ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f');
});

test('accumulated: every subtree hash', () => {
  let text = '';
  for (const [start, end] of subtrees(LEAVES)) text += `[${start}, ${end}) ${encodeHex(tree.root(start, end))}\n`;
  expect(encodeHex(sha256(encodeUtf8(text)))).toBe('b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81');
});

test('every subtree of trees of up to 70 leaves: its proof holds, and no altered one does', () => {
  for (let size = 0; size <= 70; size++) {
    const whole = { size: asTreeSize(size), root: tree.root(0, size) };
    for (const [start, end] of subtrees(size)) {
      const hash = tree.root(start, end);
      const proof = proveSubtree(start, end, size, tree.root);
      verifySubtree(start, end, hash, whole, proof);
      const altered: readonly (readonly Hash[])[] = [
        [...proof, EMPTY_ROOT],
        ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []),
        ...(proof.length > 1 ? [proof.toReversed()] : []),
        ...proof.map((one, i) => proof.with(i, flip(one))),
      ];
      for (const bad of altered) {
        expectCode(() => verifySubtree(start, end, hash, whole, bad), CoreError, 'proof-invalid');
      }
      expectCode(() => verifySubtree(start, end, flip(hash), whole, proof), CoreError, 'proof-invalid');
      // Every tree holds the empty subtree, so that no root is wrong for it.
      const elsewhere = { ...whole, root: flip(whole.root) };
      if (start === end) verifySubtree(start, end, hash, elsewhere, proof);
      else expectCode(() => verifySubtree(start, end, hash, elsewhere, proof), CoreError, 'proof-invalid');
    }
  }
});

test('the largest tree has proofs too', () => {
  const size = 2 ** 53 - 1;
  expect(subtreeProofRanges(size - 1, size, size).length).toBe(52);
  expect(subtreeProofRanges(0, 2 ** 52, size)).toEqual([{ start: 2 ** 52, end: size }]);
  expect(subtreeProofRanges(0, 1, size).length).toBe(53);
});

test.each([
  [0, 2, 1],
  [5, 5, 4],
  [0, 1, 2 ** 53],
  [0, 1, -1],
  [0, 1, 1.5],
])('[%i, %i) does not lie in a tree of %d leaves', (start, end, size) => {
  expectCode(() => subtreeProofRanges(start, end, size), CoreError, 'out-of-range');
  expectCode(() => subtreeHashFromProof(start, end, size, EMPTY_ROOT, []), CoreError, 'proof-invalid');
});
