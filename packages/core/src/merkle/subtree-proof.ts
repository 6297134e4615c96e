import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT, nodeHash } from '../hash/tree-hash.ts';
import { isSubtree, type LeafRange, splitPoint } from './subtree.ts';
import type { Tree } from './tree.ts';

/** Computes or looks up the hash of the subtree [start, end). */
export type SubtreeHash = (start: number, end: number) => Hash;

/** One turn on the way down from the root. */
interface Turn {
  /** Where the subtree lies: in the left half, in the right half, or across, with the whole left half. */
  readonly side: 'left' | 'right' | 'across';
  /** The half that the proof hands over. */
  readonly sibling: LeafRange;
}

interface Descent {
  readonly turns: readonly Turn[];
  /** The node at the bottom: the subtree itself, or its last part when it ended across a split. */
  readonly bottom: LeafRange;
  /** Whether the verifier knows the hash of `bottom`, because it is the subtree. */
  readonly known: boolean;
}

/**
 * The way from the root of a tree of `size` leaves down to the subtree [start, end). It is the recursion of RFC 6962
 * section 2.1.2, with any subtree in the place of the old tree; every proof here is read off it.
 */
function descend(start: number, end: number, size: number): Descent {
  const turns: Turn[] = [];
  let lo = 0;
  let hi = size;
  let from = start;
  let known = true;
  let half = size > 1 ? splitPoint(size) : 0;
  while (lo !== from || hi !== end) {
    while (half >= hi - lo) half /= 2;
    const middle = lo + half;
    if (end <= middle) {
      turns.push({ side: 'left', sibling: { start: middle, end: hi } });
      hi = middle;
    } else if (from >= middle) {
      turns.push({ side: 'right', sibling: { start: lo, end: middle } });
      lo = middle;
    } else {
      turns.push({ side: 'across', sibling: { start: lo, end: middle } });
      lo = middle;
      from = middle;
      known = false;
    }
  }
  return { turns, bottom: { start: lo, end: hi }, known };
}

/**
 * The subtrees whose hashes make the proof of the subtree [start, end) in a tree of `size` leaves, in proof order
 * (from the leaves to the root). None for an empty subtree.
 *
 * @throws CoreError `out-of-range` when [start, end) is not a subtree or ends beyond `size`.
 */
export function subtreeProofRanges(start: number, end: number, size: number): readonly LeafRange[] {
  if (!isSubtree(start, end) || !isCount(size) || end > size) {
    throw new CoreError('out-of-range', 'the range is not a subtree of a tree of this size');
  }
  if (start === end) return [];
  const { turns, bottom, known } = descend(start, end, size);
  const ranges = turns.map((turn) => turn.sibling).reverse();
  return known ? ranges : [bottom, ...ranges];
}

/**
 * Proof that the subtree [start, end) belongs to the tree of `size` leaves, from the leaves to the root. Inclusion is
 * the case of one leaf, consistency the case `start` = 0 (Merkle Tree Certificates, "Subtree Consistency Proofs").
 *
 * @throws CoreError `out-of-range` when [start, end) is not a subtree or ends beyond `size`; what `subtreeHash` throws.
 */
export function proveSubtree(start: number, end: number, size: number, subtreeHash: SubtreeHash): Hash[] {
  return subtreeProofRanges(start, end, size).map((range) => subtreeHash(range.start, range.end));
}

/**
 * What a proof says: with `hash` as the subtree [start, end), the hash of that subtree as the proof rebuilds it, and
 * the root of the tree of `size` leaves. The proof holds when `subtree` equals `hash` and `root` is trusted.
 * For an empty subtree `root` is undefined: nothing ties it to a tree.
 *
 * @throws CoreError `proof-invalid` when the range is no subtree of such a tree, or the proof has another length.
 */
export function subtreeHashFromProof(
  start: number,
  end: number,
  size: number,
  hash: Hash,
  proof: readonly Hash[],
): { readonly subtree: Hash; readonly root: Hash | undefined } {
  if (!isSubtree(start, end) || !isCount(size) || end > size) {
    throw new CoreError('proof-invalid', 'the proof is for a range that is not a subtree of this tree');
  }
  if (start === end) {
    expectLength(proof, 0);
    return { subtree: EMPTY_ROOT, root: undefined };
  }
  const { turns, known } = descend(start, end, size);
  expectLength(proof, turns.length + (known ? 0 : 1));
  const given = proof[Symbol.iterator]();
  let subtree = known ? hash : take(given);
  let root = subtree;
  for (const { side } of turns.toReversed()) {
    const sibling = take(given);
    root = side === 'left' ? nodeHash(root, sibling) : nodeHash(sibling, root);
    if (side === 'across') subtree = nodeHash(sibling, subtree);
  }
  return { subtree, root };
}

/**
 * Checks that `hash` is the subtree [start, end) of `tree`.
 *
 * @throws CoreError `proof-invalid`
 */
export function verifySubtree(start: number, end: number, hash: Hash, tree: Tree, proof: readonly Hash[]): void {
  const { subtree, root } = subtreeHashFromProof(start, end, tree.size, hash, proof);
  if (!equalBytes(subtree, hash) || (root !== undefined && !equalBytes(root, tree.root))) {
    throw new CoreError('proof-invalid', `the proof does not lead to the root of the tree of size ${tree.size}`);
  }
}

function expectLength(proof: readonly Hash[], length: number): void {
  if (proof.length !== length) {
    throw new CoreError('proof-invalid', `this proof takes ${length} hashes, it has ${proof.length}`);
  }
}

function take(hashes: Iterator<Hash, unknown>): Hash {
  const next = hashes.next();
  if (next.done === true) throw new CoreError('proof-invalid', 'the proof is too short');
  return next.value;
}
