import { concatBytes } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import {
  bundlePath,
  bundlesBetween,
  encodeEntryBundle,
  TILE_WIDTH,
  type TilePath,
  tilePath,
  tilesBetween,
} from '@tilewright/core/tiles';
import { type Edge, growLevels, treeOf } from './edge.ts';
import { nodesView } from './node-window.ts';

const TILE_HEIGHT = 8;

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
  const from = edge.tree.size;
  const levels = growLevels(edge, leaves.leafHashes, Math.min(keepSize, from));
  const tree = treeOf(levels);
  const entries = [...edge.tail, ...leaves.entries];
  const firstEntry = from - edge.tail.length;
  const writes: ObjectWrite[] = [];
  for (const bundle of bundlesBetween(from, tree.size)) {
    const at = bundle.index * TILE_WIDTH - firstEntry;
    writes.push({ path: bundlePath(bundle), bytes: encodeEntryBundle(entries.slice(at, at + bundle.width)) });
  }
  for (const tile of tilesBetween(from, tree.size)) {
    const window = levels[tile.level * TILE_HEIGHT];
    if (window === undefined) throw new RangeError(`no nodes for tile level ${tile.level}`);
    const first = tile.index * TILE_WIDTH;
    // A copy: the write may still be under way when a discarded edge's successor reuses the buffer.
    writes.push({ path: tilePath(tile), bytes: nodesView(window, first, first + tile.width).slice() });
  }
  const tail = entries.slice(Math.floor(tree.size / TILE_WIDTH) * TILE_WIDTH - firstEntry);
  return { edge: { tree, levels, tail }, tree, writes };
}

/** Joins runs of leaves that follow each other. */
export function joinLeaves(runs: readonly Leaves[]): Leaves {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return only;
  return { entries: runs.flatMap((run) => run.entries), leafHashes: concatBytes(...runs.map((run) => run.leafHashes)) };
}
