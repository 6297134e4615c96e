import type { Hash } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import {
  consistencyProofRanges,
  inclusionProofRanges,
  type LeafRange,
  type Tree,
  verifyConsistency,
  verifyInclusion,
} from '@tilewright/core/merkle';
import { neededTiles, subtreeHashFromTiles } from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';
import { TreeReader } from './tree-reader.ts';

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
export async function proveInclusionFromSource(
  source: TileSource,
  tree: Tree,
  index: number,
  signal?: AbortSignal,
): Promise<ProvenLeaf> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= tree.size) {
    const there = tree.size === 0 ? 'the log is empty' : `the log has entries 0 to ${tree.size - 1}`;
    throw new ClientError('out-of-range', `${there}; there is no entry ${index}`);
  }
  const ranges = inclusionProofRanges(index, tree.size);
  const [leafHash, ...proof] = await subtreeHashes(source, tree, [{ start: index, end: index + 1 }, ...ranges], signal);
  if (leafHash === undefined) throw new ClientError('missing', `the hash of leaf ${index} is missing`);
  verifyInclusion(leafHash, index, tree, proof);
  return { index, leafHash, proof };
}

/**
 * Builds the proof that `now` continues `old` from a log's tiles, and verifies it.
 *
 * @param old a checkpoint of the same log, opened with its key, of at most the size of `now`
 * @throws ClientError `out-of-range` when `old` is larger; `inconsistent` when the tree is not a continuation of `old`,
 *   which two signed checkpoints prove to be a fork; `missing`, `malformed`; what the source throws
 */
export async function proveConsistencyFromSource(
  source: TileSource,
  old: Tree,
  now: Tree,
  signal?: AbortSignal,
): Promise<readonly Hash[]> {
  if (old.size > now.size) {
    throw new ClientError('out-of-range', `a tree of size ${old.size} cannot come before one of size ${now.size}`);
  }
  const proof = await subtreeHashes(source, now, consistencyProofRanges(old.size, now.size), signal);
  try {
    verifyConsistency(old, now, proof);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    const message = `the tree of size ${now.size} is not a continuation of the one of size ${old.size}: the log forked`;
    throw new ClientError('inconsistent', message, { cause });
  }
  return proof;
}

async function subtreeHashes(
  source: TileSource,
  tree: Tree,
  ranges: readonly LeafRange[],
  signal: AbortSignal | undefined,
): Promise<Hash[]> {
  const reader = new TreeReader(source, tree);
  const tiles = new Map<string, readonly Hash[]>();
  const needed = neededTiles(ranges, tree.size);
  const hashes = await Promise.all(needed.map(({ level, index }) => reader.tile(level, index, signal)));
  for (const [i, { level, index }] of needed.entries()) tiles.set(`${level}/${index}`, hashes[i] ?? []);
  const tileAt = (level: number, index: number) => tiles.get(`${level}/${index}`) ?? [];
  return ranges.map(({ start, end }) => subtreeHashFromTiles(start, end, tree.size, tileAt));
}
