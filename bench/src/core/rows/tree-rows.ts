import { selectBackend } from '@tilewright/core/hash';
import { CompactRange, hashTree } from '@tilewright/core/merkle';
import { decodeHashTile } from '@tilewright/core/tiles';
import { type BenchRow, contestant } from '../bench-row.ts';
import { type HashLibrary, nodeHasher } from '../libraries.ts';
import { appendLeaves, treeRoot } from '../other-trees.ts';
import { equalLeaves } from './equal-leaves.ts';
import { OURS } from './hash-rows.ts';
import { sampleBytes } from './sample-bytes.ts';

export const TREE_ROOT_ROW = 'tree root of 1,000,000 leaf hashes';

const LEAVES = 1_000_000;
const APPENDED = 256;

/** Whole trees: the root of a million leaf hashes, and leaves appended to a large tree. */
export function treeRows(libraries: readonly HashLibrary[]): BenchRow[] {
  return [treeRootRow(libraries), appendRow(libraries)];
}

/** The root of a whole tree from its leaf hashes. */
function treeRootRow(libraries: readonly HashLibrary[]): BenchRow {
  const leafHashes = sampleBytes(32 * LEAVES);
  const ours = OURS.map((name) =>
    contestant(name, () => {
      selectBackend(name);
      return hashTree(leafHashes);
    }),
  );
  const others = libraries.map((library) => contestant(library.name, () => treeRoot(leafHashes, nodeHasher(library))));
  return { name: TREE_ROOT_ROW, unit: 'trees', count: 1, rounds: 5, contestants: [...ours, ...others] };
}

/** Leaf hashes appended to a large tree, many at once and one by one. */
export function appendRow(libraries: readonly HashLibrary[]): BenchRow {
  const { tree, complete } = equalLeaves();
  const range = CompactRange.from(tree.size, [complete(30)]);
  const bytes = sampleBytes(32 * APPENDED);
  const leaves = decodeHashTile(bytes, APPENDED);
  const ours = OURS.flatMap((name) => [
    contestant(name, () => {
      selectBackend(name);
      return range.extend(bytes).root();
    }),
    contestant(`${name}, one by one`, () => {
      selectBackend(name);
      let grown = range;
      for (const leaf of leaves) grown = grown.append(leaf);
      return grown.root();
    }),
  ]);
  const others = libraries.map((library) => {
    const hashNode = nodeHasher(library);
    return contestant(library.name, () =>
      appendLeaves(range.hashes, range.size, leaves, hashNode).reduceRight((right, left) => hashNode(left, right)),
    );
  });
  return {
    name: 'append to a tree of 2^30 leaves',
    unit: 'leaves',
    count: APPENDED,
    contestants: [...ours, ...others],
  };
}
