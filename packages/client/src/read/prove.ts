import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import type { TileSource } from '../source/tile-source.ts';
import { readByCore } from './from-core.ts';
import { coreReader } from './tree-reader.ts';

/** An inclusion proof that was verified after it was built. */
export interface ProvenLeaf {
  readonly index: number;
  readonly leafHash: Hash;
  /** From the leaf to the root (RFC 6962, section 2.1.1). */
  readonly proof: readonly Hash[];
}

/**
 * Builds the inclusion proof of a leaf from a log's tiles, and verifies it.
 *
 * @param tree a checkpoint that was opened with the log's key
 * @throws ClientError `out-of-range` unless 0 ≤ index < size; `missing`, `malformed`, `inconsistent`; what the source throws
 */
export function proveInclusionFromSource(
  source: TileSource,
  tree: Tree,
  index: number,
  signal?: AbortSignal,
): Promise<ProvenLeaf> {
  return readByCore(() => coreReader(source, tree).proveInclusion(index, { signal }));
}

/**
 * Builds the proof that `now` continues `old` from a log's tiles, and verifies it.
 *
 * @param old a checkpoint of the same log, opened with its key, of at most the size of `now`
 * @throws ClientError `out-of-range` when `old` is larger; `inconsistent` when the tree is not a continuation of `old`,
 *   which two signed checkpoints prove to be a fork; `missing`, `malformed`; what the source throws
 */
export function proveConsistencyFromSource(
  source: TileSource,
  old: Tree,
  now: Tree,
  signal?: AbortSignal,
): Promise<readonly Hash[]> {
  return readByCore(() => coreReader(source, now).proveConsistency(old, { signal }));
}
