import { concatBytes } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import {
  bundlePath,
  bundlesBetween,
  encodeEntryBundle,
  type TilePath,
  tilePath,
  tilesBetween,
} from '@tilewright/core/tiles';
import { type Edge, growLevels, treeOf } from './edge.ts';
import { nodesView } from './node-window.ts';

/** Consecutive new leaves: each entry's bytes and, at the same place, its 32-byte leaf hash. */
export interface Leaves {
  readonly entries: readonly Uint8Array[];
  /** 32 bytes an entry, side by side. */
  readonly leafHashes: Uint8Array;
}

/** One object to create. */
export interface ObjectWrite {
  readonly path: TilePath;
  readonly bytes: Uint8Array;
}

/** What integrating leaves means, as data: nothing has been written yet. */
export interface Integration {
  readonly edge: Edge;
  readonly tree: Tree;
  readonly writes: readonly ObjectWrite[];
}

/**
 * Adds leaves to the right edge of a tree. Pure and deterministic: the bytes at a path are a function of the
 * entries below it alone, so that any split of the same entries into steps writes identical objects.
 * Nodes of entries at or above `keepSize` stay in the edge, so that their inclusion can be proved from memory.
 */
export function integrate(edge: Edge, leaves: Leaves, keepSize: number): Integration {
  const { shape } = edge;
  const from = edge.tree.size;
  const levels = growLevels(edge, leaves.leafHashes, Math.min(keepSize, from));
  const tree = treeOf(levels);
  const entries = [...edge.tail, ...leaves.entries];
  const firstEntry = from - edge.tail.length;
  const writes: ObjectWrite[] = [];
  for (const bundle of bundlesBetween(from, tree.size, shape)) {
    const at = bundle.index * shape.width - firstEntry;
    writes.push({ path: bundlePath(bundle, shape), bytes: encodeEntryBundle(entries.slice(at, at + bundle.width)) });
  }
  for (const tile of tilesBetween(from, tree.size, shape)) {
    const window = levels[tile.level * shape.height];
    if (window === undefined) throw new RangeError(`no nodes for tile level ${tile.level}`);
    const first = tile.index * shape.width;
    // A copy: the write may still be under way when a discarded edge's successor reuses the buffer.
    writes.push({ path: tilePath(tile, shape), bytes: nodesView(window, first, first + tile.width).slice() });
  }
  const tail = entries.slice(Math.floor(tree.size / shape.width) * shape.width - firstEntry);
  return { edge: { tree, shape, levels, tail }, tree, writes };
}

/** Joins runs of leaves that follow each other. */
export function joinLeaves(runs: readonly Leaves[]): Leaves {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return only;
  return { entries: runs.flatMap((run) => run.entries), leafHashes: concatBytes(...runs.map((run) => run.leafHashes)) };
}
