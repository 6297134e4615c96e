import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { TILE_WIDTH } from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';
import { ahead } from './ahead.ts';
import { TreeReader } from './tree-reader.ts';

/** An entry that the signed tree proves to be there. */
export interface ReadEntry {
  readonly index: number;
  readonly data: Uint8Array;
  readonly leafHash: Hash;
}

/** Which entries, and how. */
export interface ReadEntriesOptions {
  /** First index; 0 when absent. */
  readonly from?: number | undefined;
  /** The index after the last; the size of the tree when absent. */
  readonly to?: number | undefined;
  /** Bundles fetched at a time; 4 when absent. */
  readonly parallel?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads entries in order, each verified against the tree.
 *
 * @param tree a checkpoint that was opened with the log's key
 * @throws ClientError `out-of-range`; `missing`, `malformed`, `inconsistent`; what the source throws
 */
export async function* readEntries(
  source: TileSource,
  tree: Tree,
  options: ReadEntriesOptions = {},
): AsyncGenerator<ReadEntry, void, undefined> {
  const { from = 0, to = tree.size, parallel = 4, signal } = options;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to || to > tree.size) {
    throw new ClientError('out-of-range', `entries ${from} to ${to} are not all below the size ${tree.size}`);
  }
  if (from === to) return;
  const reader = new TreeReader(source, tree);
  const first = Math.floor(from / TILE_WIDTH);
  const count = Math.ceil(to / TILE_WIDTH) - first;
  const bundles = ahead(count, parallel, async (i) => ({ i, entries: await reader.bundle(first + i, signal) }));
  for await (const { i, entries } of bundles) {
    for (const [offset, entry] of entries.entries()) {
      const index = (first + i) * TILE_WIDTH + offset;
      if (index >= from && index < to) yield { index, ...entry };
    }
  }
}
