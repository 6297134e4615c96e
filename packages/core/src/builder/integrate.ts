import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { countHashes } from '../merkle/levels/hash-tree.ts';
import type { Tree } from '../merkle/tree.ts';
import { encodeEntryBundle } from '../tiles/entry-bundle.ts';
import { bundlePath, type TilePath, tilePath } from '../tiles/tile-path.ts';
import { bundlesBetween, tilesBetween } from '../tiles/tile-range.ts';
import { nodesView } from './node-window.ts';
import { growLevels, type RightEdge, treeOf } from './right-edge.ts';

/** Consecutive new leaves: each entry's bytes and, at the same place, its 32-byte leaf hash. */
export interface Leaves {
  readonly entries: readonly Uint8Array[];
  /** 32 bytes an entry, side by side. */
  readonly leafHashes: Uint8Array;
}

/** One tile or bundle to create; where there already is one, it holds the same bytes. */
export interface ObjectWrite {
  /** Relative to the log's prefix. */
  readonly path: TilePath;
  readonly bytes: Uint8Array;
}

/** What integrating leaves means, as data: nothing has been written yet. */
export interface Integration {
  /** Where the next leaves go. */
  readonly edge: RightEdge;
  /** What a checkpoint may say once everything is written. */
  readonly tree: Tree;
  /** Bundles from the left, then hash tiles from level 0 up: as tlog-tiles wants them at this size. */
  readonly writes: readonly ObjectWrite[];
}

/**
 * Adds leaves to the right edge of a tree. Pure and deterministic: the bytes at a path are a function of the
 * entries below it alone, so that any split of the same entries into steps writes identical objects.
 * Nodes of entries at or above `keepSize` stay in the edge, so that their inclusion can be proved from memory.
 *
 * @throws CoreError `mismatch` unless there is one leaf hash an entry; `out-of-range` for an entry above 65535 bytes, or
 *   a tree beyond 2^53-1 leaves.
 */
export function integrate(edge: RightEdge, leaves: Leaves, keepSize: number): Integration {
  const { shape } = edge;
  if (countHashes(leaves.leafHashes) !== leaves.entries.length) {
    throw new CoreError('mismatch', 'each entry takes one leaf hash');
  }
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
    if (window === undefined)
      throw new CoreError('mismatch', `the right edge has no nodes for tile level ${tile.level}`);
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
