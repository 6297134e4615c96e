import { HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { EMPTY_ROOT, hashNodes, nodeHash } from '../hash/tree-hash.ts';
import type { Tree } from '../merkle/tree.ts';
import { type TileShape, TLOG_TILES } from '../tiles/tile-shape.ts';
import { emptyWindow, type NodeWindow, nodeAt, nodesView, withRoom } from './node-window.ts';

/**
 * The right edge of a tree, in memory: for every level of the tree the complete nodes since the last full tile that any
 * entry still to be proved touches, and the entries of the last bundle. An immutable value, keyed by its size and root:
 * all that integration and proofs of new entries read.
 */
export interface RightEdge {
  readonly tree: Tree;
  /** Of the tiles that the log is stored in. */
  readonly shape: TileShape;
  /** Level 0 are the leaf hashes; level l holds floor(size / 2^l) complete nodes in all. */
  readonly levels: readonly NodeWindow[];
  /** The entries of the last, partial bundle: `size % shape.width` of them. */
  readonly tail: readonly Uint8Array[];
}

/** The edge of the empty tree, of a log that is stored in tiles of `shape` (tlog-tiles when absent). */
export function emptyRightEdge(shape: TileShape = TLOG_TILES): RightEdge {
  return { tree: { size: asTreeSize(0), root: EMPTY_ROOT }, shape, levels: [emptyWindow(0)], tail: [] };
}

/** Where a level may forget: the start of the tile-wide group of nodes that `keepSize` falls into. */
function keepFrom(keepSize: number, level: number, { width }: TileShape): number {
  return Math.floor(keepSize / 2 ** level / width) * width;
}

/** Fills every level above the lowest from the level below it, a whole run of nodes per call. */
export function raiseLevels(levels: readonly NodeWindow[], keepSize: number, shape: TileShape): NodeWindow[] {
  const out: NodeWindow[] = [];
  let below = levels[0];
  if (below === undefined) return out;
  out.push(below);
  for (let level = 1; below.count >= 2; level++) {
    const count = Math.floor(below.count / 2);
    const old: NodeWindow = levels[level] ?? emptyWindow(0);
    const missing = count - old.count;
    const roomy = withRoom(old, missing, keepFrom(keepSize, level, shape));
    if (missing > 0) {
      const input = nodesView(below, 2 * old.count, 2 * count);
      hashNodes(input, roomy.bytes.subarray((roomy.count - roomy.base) * HASH_SIZE), missing);
    }
    const window: NodeWindow = { base: roomy.base, count, bytes: roomy.bytes };
    out.push(window);
    below = window;
  }
  return out;
}

/**
 * The hash of each level's last node, complete or not, for a tree of `size` > 0; the last one is the root.
 * RFC 6962 2.1: an incomplete right subtree moves up unchanged where it has no left sibling.
 */
export function edgeHashes(levels: readonly NodeWindow[], size: number): Hash[] {
  const lowest = levels[0];
  if (lowest === undefined || size === 0) return [EMPTY_ROOT];
  let current = nodeAt(lowest, size - 1);
  const hashes = [current];
  for (let level = 0; Math.floor((size - 1) / 2 ** level) > 0; level++) {
    const last = Math.floor((size - 1) / 2 ** level);
    const window = levels[level];
    if (last % 2 === 1 && window !== undefined) current = nodeHash(nodeAt(window, last - 1), current);
    hashes.push(current);
  }
  return hashes;
}

/** The edge after `count` more leaves, whose hashes stand side by side in `leafHashes`. */
export function growLevels(edge: RightEdge, leafHashes: Uint8Array, keepSize: number): NodeWindow[] {
  const lowest = edge.levels[0] ?? emptyWindow(0);
  const count = leafHashes.length / HASH_SIZE;
  const roomy = withRoom(lowest, count, keepFrom(keepSize, 0, edge.shape));
  roomy.bytes.set(leafHashes, (roomy.count - roomy.base) * HASH_SIZE);
  const grown: NodeWindow = { base: roomy.base, count: roomy.count + count, bytes: roomy.bytes };
  return raiseLevels([grown, ...edge.levels.slice(1)], keepSize, edge.shape);
}

/** The size and root that these levels hold. */
export function treeOf(levels: readonly NodeWindow[]): Tree {
  const size: TreeSize = asTreeSize(levels[0]?.count ?? 0);
  const root = edgeHashes(levels, size).at(-1) ?? EMPTY_ROOT;
  return { size, root };
}
