import { emptyRightEdge, integrate, ProofTable } from '@tilewright/core/builder';
import { asHash, concatBytes } from '@tilewright/core/bytes';
import { selectBackend } from '@tilewright/core/hash';
import { hashTree, proveInclusion } from '@tilewright/core/merkle';
import { subtreeHasher } from '@tilewright/core/tiles';
import { type BenchRow, contestant } from '../bench-row.ts';
import { type HashLibrary, nodeHasher } from '../libraries.ts';
import { treeRoot } from '../other-trees.ts';
import { merkleTreeJs } from '../other-verifiers.ts';
import { OURS } from './hash-rows.ts';
import { sampleBytes } from './sample-bytes.ts';

const LEAVES = 65_536;
const INDEX = 12_345;
const MERKLETREEJS = 'merkletreejs';

/**
 * A tree that fits into memory, beside merkletreejs, which keeps every node. It grows by building all of it again, so that
 * the row of the root is that of an append too.
 */
export function smallTreeRows(libraries: readonly HashLibrary[]): BenchRow[] {
  const leafHashes = sampleBytes(32 * LEAVES);
  const leaves = Array.from({ length: LEAVES }, (_, i) => asHash(leafHashes.slice(32 * i, 32 * (i + 1))));
  return [rootRow(libraries, leafHashes, leaves), proofRow(leafHashes, leaves)];
}

function rootRow(libraries: readonly HashLibrary[], leafHashes: Uint8Array, leaves: readonly Uint8Array[]): BenchRow {
  const noble = libraries.filter(({ name }) => name === '@noble/hashes');
  return {
    name: 'tree root of 65,536 leaf hashes',
    unit: 'trees',
    count: 1,
    rounds: 5,
    beside: ['@noble/hashes', MERKLETREEJS],
    contestants: [
      ...OURS.map((name) =>
        contestant(name, () => {
          selectBackend(name);
          return hashTree(leafHashes);
        }),
      ),
      ...noble.map((library) => contestant(library.name, () => treeRoot(leafHashes, nodeHasher(library)))),
      contestant(MERKLETREEJS, () => merkleTreeJs(leaves).getRoot()),
    ],
  };
}

function proofRow(leafHashes: Uint8Array, leaves: readonly Uint8Array[]): BenchRow {
  selectBackend('fastest');
  // Entries are of no matter here: a proof is made of hashes.
  const { edge, writes } = integrate(emptyRightEdge(), { entries: leaves, leafHashes }, 0);
  const table = new ProofTable(edge);
  const tiles = new Map(writes.map(({ path, bytes }) => [path as string, bytes]));
  const tile = (level: number, index: number) => tiles.get(tileName(level, index)) ?? new Uint8Array(0);
  const theirs = merkleTreeJs(leaves);
  const leaf = Buffer.from(leaves[INDEX] ?? []);
  return {
    name: 'build an inclusion proof, 65,536 leaves in memory',
    unit: 'proofs',
    count: 1,
    beside: [MERKLETREEJS],
    contestants: [
      contestant('core, every node kept', () => concatBytes(...table.proof(INDEX))),
      contestant('core, from tiles', () =>
        concatBytes(...proveInclusion(INDEX, edge.tree.size, subtreeHasher(edge.tree.size, tile))),
      ),
      contestant(MERKLETREEJS, () => concatBytes(...theirs.getProof(leaf, INDEX).map(({ data }) => data))),
    ],
  };
}

/** Path of a full tile, or of the one at the top: this tree has three levels, and below 1000 tiles in each. */
function tileName(level: number, index: number): string {
  return level === 2 ? 'tile/2/000.p/1' : `tile/${level}/${String(index).padStart(3, '0')}`;
}
