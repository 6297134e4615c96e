// The algorithms of RFC 9162 as one writes them over any hash function: what ours are measured beside.

/** Hashes two children. */
export type NodeHasher = (left: Uint8Array, right: Uint8Array) => Uint8Array;

/** Root of a tree (section 2.1.1) whose leaf hashes stand side by side, a level at a time. */
export function treeRoot(leafHashes: Uint8Array, hashNode: NodeHasher): Uint8Array {
  const nodes = leafHashes.slice();
  for (let width = nodes.length / 32; width > 1; ) {
    const pairs = Math.floor(width / 2);
    for (let i = 0; i < pairs; i++) {
      nodes.set(hashNode(nodes.subarray(64 * i, 64 * i + 32), nodes.subarray(64 * i + 32, 64 * i + 64)), 32 * i);
    }
    if (width % 2 === 1) nodes.copyWithin(32 * pairs, 32 * (width - 1), 32 * width);
    width -= pairs;
  }
  return nodes.subarray(0, 32);
}

/** Appends leaf hashes to the complete subtrees of a tree of `size` leaves, the widest first. */
export function appendLeaves(
  subtrees: readonly Uint8Array[],
  size: number,
  leaves: readonly Uint8Array[],
  hashNode: NodeHasher,
): Uint8Array[] {
  const stack = [...subtrees];
  for (const [i, leaf] of leaves.entries()) {
    let node = leaf;
    for (let rest = size + i; rest % 2 === 1; rest = (rest - 1) / 2) node = hashNode(stack.pop() ?? node, node);
    stack.push(node);
  }
  return stack;
}

/** The root that an inclusion proof leads to (section 2.1.3.2). */
export function rootOfInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  hashNode: NodeHasher,
): Uint8Array {
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (node % 2 === 1 || node === last) {
      root = hashNode(sibling, root);
      while (node % 2 === 0 && node > 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      root = hashNode(root, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return root;
}

/** The old and the new root that a consistency proof leads to (section 2.1.4.2); `old` is no power of two. */
export function rootsOfConsistency(
  old: number,
  size: number,
  proof: readonly Uint8Array[],
  hashNode: NodeHasher,
): { readonly old: Uint8Array; readonly now: Uint8Array } {
  let node = old - 1;
  let last = size - 1;
  while (node % 2 === 1) {
    node = (node - 1) / 2;
    last = Math.floor(last / 2);
  }
  const [first = new Uint8Array(32), ...rest] = proof;
  let oldRoot = first;
  let newRoot = first;
  for (const sibling of rest) {
    if (node % 2 === 1 || node === last) {
      oldRoot = hashNode(sibling, oldRoot);
      newRoot = hashNode(sibling, newRoot);
      while (node % 2 === 0 && node > 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newRoot = hashNode(newRoot, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return { old: oldRoot, now: newRoot };
}
