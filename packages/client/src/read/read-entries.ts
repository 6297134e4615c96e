import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import type { TileSource } from '../source/tile-source.ts';
import { fromCore } from './from-core.ts';
import { coreReader } from './tree-reader.ts';

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
  try {
    for await (const { index, entry, leafHash } of coreReader(source, tree).entries(options)) {
      yield { index, data: entry, leafHash };
    }
  } catch (error) {
    throw fromCore(error);
  }
}
