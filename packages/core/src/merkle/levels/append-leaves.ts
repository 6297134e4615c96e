import { asHash, HASH_SIZE, type Hash } from '../../bytes/hash-value.ts';
import { hashNodes, nodeHash } from '../../hash/tree-hash.ts';

// 64 KiB of leaf hashes: a level of that is near when the next one is hashed from it.
const LEAVES_AT_ONCE = 2048;

/**
 * Appends one leaf to the complete subtrees of a tree of `size` leaves, whose hashes stand in `subtrees`, the widest
 * first.
 */
export function appendLeaf(subtrees: Hash[], size: number, leaf: Hash): void {
  let node = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = subtrees.pop();
    if (left !== undefined) node = nodeHash(left, node);
  }
  subtrees.push(node);
}

/** As {@link appendLeaf}, for many leaf hashes side by side: level by level, a call for each. */
export function appendLeaves(subtrees: Hash[], size: number, leaves: Uint8Array): void {
  const count = leaves.length / HASH_SIZE;
  const room = Math.min(count, LEAVES_AT_ONCE) + 1;
  const regions = [new Uint8Array(HASH_SIZE * room), new Uint8Array(HASH_SIZE * room)] as const;
  for (let from = 0; from < count; from += LEAVES_AT_ONCE) {
    const run = leaves.subarray(HASH_SIZE * from, HASH_SIZE * (from + LEAVES_AT_ONCE));
    appendRun(subtrees, size + from, run, regions);
  }
}

/** `regions` have room for the run and one node more each: levels stand in one and the other by turns. */
function appendRun(
  subtrees: Hash[],
  size: number,
  leaves: Uint8Array,
  regions: readonly [Uint8Array, Uint8Array],
): void {
  const grown: Hash[] = [];
  let [level, above] = regions;
  // Place 0 is for the node to the left that still has no sibling.
  level.set(leaves, HASH_SIZE);
  let count = leaves.length / HASH_SIZE;
  for (let before = size; count > 0; before = Math.floor(before / 2)) {
    let first = HASH_SIZE;
    const left = before % 2 === 1 ? subtrees.pop() : undefined;
    if (left !== undefined) {
      level.set(left);
      first = 0;
      count += 1;
    }
    const pairs = Math.floor(count / 2);
    const odd = first + 2 * HASH_SIZE * pairs;
    if (count % 2 === 1) grown.push(asHash(level.slice(odd, odd + HASH_SIZE)));
    hashNodes(level.subarray(first), above.subarray(HASH_SIZE), pairs);
    [level, above] = [above, level];
    count = pairs;
  }
  subtrees.push(...grown.reverse());
}
