import { asHash, asTreeSize, concatBytes } from '@tilewright/core/bytes';
import { type BackendName, selectBackend } from '@tilewright/core/hash';
import {
  consistencyProofRanges,
  inclusionProofRanges,
  type LeafRange,
  proveConsistency,
  proveInclusion,
  type SubtreeHash,
  type Tree,
  verifyConsistency,
  verifyInclusion,
} from '@tilewright/core/merkle';
import { subtreeHasher } from '@tilewright/core/tiles';
import { type BenchRow, type Contestant, contestant } from '../bench-row.ts';
import { type HashLibrary, nodeHasher } from '../libraries.ts';
import { type NodeHasher, rootOfInclusion, rootsOfConsistency, treeRoot } from '../other-trees.ts';
import { merkleTreeJsInclusion, sigstoreInclusion } from '../other-verifiers.ts';
import { EQUAL_ENTRY, type EqualLeaves, equalLeaves } from './equal-leaves.ts';
import { OURS } from './hash-rows.ts';

export const VERIFY_INCLUSION_ROW = 'verify an inclusion proof, 2^30 leaves';

const INDEX = 2 ** 29 + 2 ** 17 + 12_345;
const OLD_SIZE = INDEX;
/** Proofs in one run, so that a run is long enough to be timed. */
const PROOFS = 20;

/** Proofs in a tree of 2^30 leaves: built from its tiles in memory, and verified. */
export function proofRows(libraries: readonly HashLibrary[]): BenchRow[] {
  const leaves = equalLeaves();
  const { tree, leaf, complete } = leaves;
  const lookUp: SubtreeHash = (start, end) => complete(Math.log2(end - start));
  const inclusion = proveInclusion(INDEX, tree.size, lookUp);
  const consistency = proveConsistency(OLD_SIZE, tree.size, lookUp);
  const old = oldTree(libraries, tree, consistency);
  const row = (
    name: string,
    ours: (backend: BackendName) => Uint8Array,
    others: (hashNode: NodeHasher) => Uint8Array,
    packages: readonly Contestant[] = [],
  ): BenchRow => ({
    name,
    unit: 'proofs',
    count: PROOFS,
    contestants: [
      ...OURS.map((backend) =>
        contestant(backend, () =>
          repeat(
            () => ours(backend),
            () => selectBackend(backend),
          ),
        ),
      ),
      ...libraries.map((library) => {
        const hashNode = nodeHasher(library);
        return contestant(library.name, () => repeat(() => others(hashNode)));
      }),
      ...packages,
    ],
    beside: ['@noble/hashes', ...packages.map((each) => each.name)],
  });
  const merkleTreeJs = merkleTreeJsInclusion(leaf, INDEX, tree.root, inclusion);
  const sigstore = sigstoreInclusion(EQUAL_ENTRY, INDEX, tree, inclusion);
  return [
    row(
      'build an inclusion proof from tiles, 2^30 leaves',
      () => concatBytes(...proveInclusion(INDEX, tree.size, fromTiles(leaves))),
      (hashNode) => concatBytes(...rootsFromTiles(leaves, inclusionProofRanges(INDEX, tree.size), hashNode)),
    ),
    row(
      VERIFY_INCLUSION_ROW,
      () => {
        verifyInclusion(leaf, INDEX, tree, inclusion);
        return tree.root;
      },
      (hashNode) => rootOfInclusion(leaf, INDEX, tree.size, inclusion, hashNode),
      [
        contestant('merkletreejs', () => repeat(() => (merkleTreeJs() ? tree.root : new Uint8Array(0)))),
        contestant('@sigstore/verify, leaf hash too', () =>
          repeat(() => {
            sigstore();
            return tree.root;
          }),
        ),
      ],
    ),
    row(
      'build a consistency proof from tiles, 2^30 leaves',
      () => concatBytes(...proveConsistency(OLD_SIZE, tree.size, fromTiles(leaves))),
      (hashNode) => concatBytes(...rootsFromTiles(leaves, consistencyProofRanges(OLD_SIZE, tree.size), hashNode)),
    ),
    row(
      'verify a consistency proof, 2^30 leaves',
      () => {
        verifyConsistency(old, tree, consistency);
        return concatBytes(old.root, tree.root);
      },
      (hashNode) => {
        const roots = rootsOfConsistency(OLD_SIZE, tree.size, consistency, hashNode);
        return concatBytes(roots.old, roots.now);
      },
    ),
  ];
}

function repeat(run: () => Uint8Array, before?: () => void): Uint8Array {
  before?.();
  let result = run();
  for (let i = 1; i < PROOFS; i++) result = run();
  return result;
}

function oldTree(libraries: readonly HashLibrary[], tree: Tree, proof: readonly Uint8Array[]): Tree {
  const [library] = libraries;
  if (library === undefined) throw new RangeError('there is no library to measure beside');
  const { old } = rootsOfConsistency(OLD_SIZE, tree.size, proof, nodeHasher(library));
  return { size: asTreeSize(OLD_SIZE), root: asHash(Uint8Array.from(old)) };
}

function fromTiles(leaves: EqualLeaves): SubtreeHash {
  return subtreeHasher(leaves.tree.size, (level) => leaves.tile(level));
}

/** Roots of complete subtrees, each folded from the hashes of the tile that it lies under. */
function rootsFromTiles(leaves: EqualLeaves, ranges: readonly LeafRange[], hashNode: NodeHasher): Uint8Array[] {
  return ranges.map(({ start, end }) => {
    let level = 0;
    let count = end - start;
    for (; count >= 256; count /= 256) level += 1;
    return treeRoot(leaves.tile(level).subarray(0, 32 * count), hashNode);
  });
}
