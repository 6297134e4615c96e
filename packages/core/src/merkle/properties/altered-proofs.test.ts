import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asHash, type Hash } from '../../bytes/hash-value.ts';
import { concatBytes, equalBytes } from '../../bytes/sequences.ts';
import { asTreeSize } from '../../bytes/tree-numbers.ts';
import { CoreError } from '../../core-error.ts';
import { EMPTY_ROOT, leafHash } from '../../hash/tree-hash.ts';
import { arbitraries } from '../../testing/arbitraries.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { type NaiveTree, naiveTree } from '../../testing/naive-tree.ts';
import { naiveVerifyConsistency, naiveVerifyInclusion } from '../../testing/naive-verify.ts';
import { recordLeaves } from '../../testing/record-leaves.ts';
import { uniformTree } from '../../testing/uniform-tree.ts';
import { CompactRange } from '../compact-range.ts';
import { proveConsistency, verifyConsistency } from '../consistency-proof.ts';
import { proveInclusion, verifyInclusion } from '../inclusion-proof.ts';
import { completeSubtrees } from '../subtree.ts';
import { proveSubtree, verifySubtree } from '../subtree-proof.ts';
import type { Tree } from '../tree.ts';

const any = arbitraries(fc);
const LARGEST = 2 ** 53 - 1;
const DISTINCT = 66_200;
const distinct = naiveTree(recordLeaves(DISTINCT));
const EQUAL = leafHash(Uint8Array.of(0));

/** A tree of a size near a scale, and a number below it that is often near an end, a power of two or the middle. */
interface Place {
  readonly size: number;
  readonly at: number;
}

function places(sizes: fc.Arbitrary<number>): fc.Arbitrary<Place> {
  return sizes.chain((size) =>
    fc.record({
      size: fc.constant(size),
      at: fc
        .oneof(
          fc.nat(600),
          fc.nat(600).map((back) => size - 1 - back),
          fc.tuple(fc.nat(52), fc.integer({ min: -300, max: 300 })).map(([power, offset]) => 2 ** power + offset),
          fc.maxSafeNat(),
        )
        .map((at) => Math.abs(at) % size),
    }),
  );
}

const near = (middle: number, most = LARGEST) =>
  fc.integer({ min: -400, max: 400 }).map((offset) => Math.min(Math.max(middle + offset, 1), most));

const SCALES: readonly {
  readonly name: string;
  readonly place: fc.Arbitrary<Place>;
  readonly limit: number;
  tree(at: number): NaiveTree;
}[] = [
  {
    name: 'up to 260 distinct leaves',
    place: places(fc.integer({ min: 1, max: 260 })),
    limit: DISTINCT,
    tree: () => distinct,
  },
  { name: 'about 65,536 distinct leaves', place: places(near(65_536)), limit: DISTINCT, tree: () => distinct },
  ...[2 ** 32, 2 ** 40, LARGEST].map((size) => ({
    name: `about ${size} equal leaves and one other`,
    place: places(near(size)),
    limit: LARGEST,
    // The other leaf is the one that is proved, so that no other index has the same proof.
    tree: (at: number) => uniformTree(EQUAL, new Map([[at, leafHash(Uint8Array.of(1))]])),
  })),
];

/** Ways to change a proof, of which some may leave it as it is. */
const change: fc.Arbitrary<(proof: readonly Hash[]) => readonly Hash[]> = fc.oneof(
  fc.record({ at: fc.nat(), bit: fc.nat(255) }).map(({ at, bit }) => (proof: readonly Hash[]) => {
    const flipped = Uint8Array.from(proof[at % Math.max(proof.length, 1)] ?? EMPTY_ROOT);
    flipped[Math.floor(bit / 8)] = (flipped[Math.floor(bit / 8)] ?? 0) ^ (2 ** (bit % 8));
    return proof.length === 0 ? [asHash(flipped)] : proof.with(at % proof.length, asHash(flipped));
  }),
  fc.nat().map((at) => (proof: readonly Hash[]) => proof.toSpliced(at % Math.max(proof.length, 1), 1)),
  fc.record({ at: fc.nat(), hash: any.hash() }).map(
    ({ at, hash }) =>
      (proof: readonly Hash[]) =>
        proof.toSpliced(at % (proof.length + 1), 0, hash),
  ),
  fc.record({ at: fc.nat(), from: fc.nat() }).map(
    ({ at, from }) =>
      (proof: readonly Hash[]) =>
        proof.toSpliced(at % (proof.length + 1), 0, proof[from % Math.max(proof.length, 1)] ?? EMPTY_ROOT),
  ),
  fc.record({ a: fc.nat(), b: fc.nat() }).map(({ a, b }) => (proof: readonly Hash[]) => {
    const [i, j] = [a % Math.max(proof.length, 1), b % Math.max(proof.length, 1)];
    const [first, second] = [proof[i], proof[j]];
    return first === undefined || second === undefined ? proof : proof.with(i, second).with(j, first);
  }),
  fc.constant((proof: readonly Hash[]) => proof.toReversed()),
);

const same = (a: readonly Hash[], b: readonly Hash[]) => equalBytes(concatBytes(...a), concatBytes(...b));

function accepts(verify: () => void): boolean {
  try {
    verify();
    return true;
  } catch (error) {
    if (error instanceof CoreError && error.code === 'proof-invalid') return false;
    throw error;
  }
}

describe.each(SCALES)('$name', ({ place, limit, tree: treeWith }) => {
  const treeAt = (slow: NaiveTree, size: number): Tree => ({ size: asTreeSize(size), root: slow.root(0, size) });

  test('an inclusion proof is that of the slow algorithm, verifies, and altered is refused', () => {
    fc.assert(
      fc.property(place, fc.array(change, { minLength: 1, maxLength: 3 }), ({ size, at }, changes) => {
        const slow = treeWith(at);
        const tree = treeAt(slow, size);
        const leaf = slow.root(at, at + 1);
        const proof = proveInclusion(at, size, slow.root);
        expect(same(proof, slow.inclusion(at, size))).toBe(true);
        verifyInclusion(leaf, at, tree, proof);
        expect(naiveVerifyInclusion(leaf, at, tree, proof)).toBe(true);
        for (const alter of changes) {
          const altered = alter(proof);
          if (same(altered, proof)) continue;
          expectCode(() => verifyInclusion(leaf, at, tree, altered), CoreError, 'proof-invalid');
        }
      }),
    );
  });

  test('an inclusion proof of another index is refused, of another size as the second verifier has it', () => {
    fc.assert(
      fc.property(place, place, ({ size, at }, other) => {
        const slow = treeWith(at);
        const tree = treeAt(slow, size);
        const leaf = slow.root(at, at + 1);
        const proof = slow.inclusion(at, size);
        for (const index of [other.at, at + 1, at - 1, at + 2 ** 31, size - 1 - at, size]) {
          if (index === at) continue;
          expectCode(() => verifyInclusion(leaf, index, tree, proof), CoreError, 'proof-invalid');
        }
        for (const claimed of [other.size, size + 1, size - 1, 2 * size, Math.floor(size / 2), at + 1, at, 0]) {
          if (claimed > limit || claimed < 0) continue;
          const claim = { size: asTreeSize(claimed), root: tree.root };
          const accepted = accepts(() => verifyInclusion(leaf, at, claim, proof));
          expect(accepted).toBe(naiveVerifyInclusion(leaf, at, claim, proof));
          // A size of which the proof would have another length is never believed.
          if (at < claimed && slow.inclusion(at, claimed).length !== proof.length) expect(accepted).toBe(false);
        }
        const elsewhere = { size: tree.size, root: slow.root(0, Math.max(at, 1)) };
        if (size !== Math.max(at, 1)) {
          expectCode(() => verifyInclusion(leaf, at, elsewhere, proof), CoreError, 'proof-invalid');
        }
      }),
    );
  });

  test('a consistency proof is that of the slow algorithm, verifies, and altered or of other sizes is refused', () => {
    fc.assert(
      fc.property(place, fc.array(change, { minLength: 1, maxLength: 3 }), ({ size, at }, changes) => {
        const slow = treeWith(at);
        const [old, now] = [treeAt(slow, at), treeAt(slow, size)];
        const proof = proveConsistency(at, size, slow.root);
        expect(same(proof, slow.consistency(at, size))).toBe(true);
        verifyConsistency(old, now, proof);
        if (at > 0) expect(naiveVerifyConsistency(old, now, proof)).toBe(true);
        for (const alter of changes) {
          const altered = alter(proof);
          if (same(altered, proof)) continue;
          expectCode(() => verifyConsistency(old, now, altered), CoreError, 'proof-invalid');
        }
        if (at === 0) return;
        expectCode(() => verifyConsistency(now, old, proof), CoreError, 'proof-invalid');
        for (const claimed of [at + 1, at - 1, at + 256, Math.floor(at / 2)]) {
          if (claimed >= size || claimed < 1) continue;
          const claim = { size: asTreeSize(claimed), root: old.root };
          const accepted = accepts(() => verifyConsistency(claim, now, proof));
          expect(accepted).toBe(naiveVerifyConsistency(claim, now, proof));
          if (slow.consistency(claimed, size).length !== proof.length) expect(accepted).toBe(false);
        }
      }),
    );
  });

  test('a subtree proof is that of the slow algorithm, verifies, and altered or of another subtree is refused', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.nat(), change, ({ size, at }, pick, less, alter) => {
        const slow = treeWith(at);
        const tree = treeAt(slow, size);
        // A complete subtree that holds the leaf, or one that begins there and is not complete.
        const widths = Array.from({ length: 53 }, (_, power) => 2 ** power).filter(
          (width) => Math.floor(at / width) * width + width <= size,
        );
        const width = widths[pick % widths.length] ?? 1;
        const start = Math.floor(at / width) * width;
        const end = Math.max(start + width - (less % width), at + 1);
        const hash = slow.root(start, end);
        const proof = proveSubtree(start, end, size, slow.root);
        expect(same(proof, slow.subtree(start, end, size))).toBe(true);
        verifySubtree(start, end, hash, tree, proof);
        const altered = alter(proof);
        if (!same(altered, proof)) {
          expectCode(() => verifySubtree(start, end, hash, tree, altered), CoreError, 'proof-invalid');
        }
        for (const [from, to] of [
          [start + width, end + width],
          [start - width, end - width],
          [start, end + 1],
          [start, end - 1],
          [start + 1, end],
        ] as const) {
          if (from < 0 || from === to || to > LARGEST) continue;
          expectCode(() => verifySubtree(from, to, hash, tree, proof), CoreError, 'proof-invalid');
        }
        // The record within it.
        const record = proveInclusion(at - start, end - start, (lo, hi) => slow.root(start + lo, start + hi));
        const within = { size: asTreeSize(end - start), root: hash };
        verifyInclusion(slow.root(at, at + 1), at - start, within, record);
      }),
    );
  });

  test('the root of a size is that of its complete subtrees, from the right', () => {
    fc.assert(
      fc.property(place, ({ size, at }) => {
        const slow = treeWith(at);
        const parts = completeSubtrees(0, size).map(({ start, end }) => slow.root(start, end));
        expect(CompactRange.from(size, parts).root()).toEqual(slow.root(0, size));
        verifySubtree(0, size, slow.root(0, size), treeAt(slow, size), []);
      }),
      { numRuns: 50 },
    );
  });
});
