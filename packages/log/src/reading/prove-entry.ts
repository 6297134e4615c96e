import type { Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { inclusionProofRanges, verifyInclusion } from '@tilewright/core/merkle';
import { neededTiles, subtreeHashFromTiles, TILE_WIDTH } from '@tilewright/core/tiles';
import type { Publication } from '../intake/publication.ts';
import { LogError } from '../log-error.ts';
import type { ObjectStore } from '../ports/index.ts';
import { readEntries, readHashTile } from './read-objects.ts';

/** A published entry with its proof; verified. */
export interface ProvenEntry {
  readonly entry: Uint8Array;
  /** Towards `publication.tree`, leaf to root. */
  readonly proof: readonly Hash[];
  readonly publication: Publication;
}

/** Inclusion proof of the entry at `index`, from the stored tiles; verified against `leaf`. Throws 'proof-failed' and 'corrupt'. */
export async function proveFromTiles(
  objects: ObjectStore,
  publication: Publication,
  index: number,
  leaf: Hash,
  signal?: AbortSignal,
): Promise<readonly Hash[]> {
  const { tree } = publication;
  const ranges = inclusionProofRanges(index, tree.size);
  const tiles = new Map<string, Uint8Array>();
  await Promise.all(
    neededTiles(ranges, tree.size).map(async (tile) => {
      tiles.set(`${tile.level}/${tile.index}`, await readHashTile(objects, tile, tree.size, signal));
    }),
  );
  const getTile = (level: number, at: number): Uint8Array => tiles.get(`${level}/${at}`) ?? new Uint8Array(0);
  const proof = ranges.map(({ start, end }) => subtreeHashFromTiles(start, end, tree.size, getTile));
  try {
    verifyInclusion(leaf, index, tree, proof);
  } catch (cause) {
    throw new LogError('proof-failed', `the inclusion proof of entry ${index} in size ${tree.size} does not verify`, {
      cause,
    });
  }
  return proof;
}

/** The published entry at `index` with its proof. Throws 'not-found' at or beyond the published size. */
export async function proveEntry(
  objects: ObjectStore,
  publication: Publication,
  index: number,
  signal?: AbortSignal,
): Promise<ProvenEntry> {
  const { size } = publication.tree;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new LogError('not-found', `index ${index} is not in the published log of ${size} entries`);
  }
  const bundle = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
  const entry = (await readEntries(objects, { index: bundle, width }, size, signal))[index % TILE_WIDTH];
  if (entry === undefined) throw new LogError('corrupt', `entry ${index} is missing from its bundle`);
  const proof = await proveFromTiles(objects, publication, index, leafHash(entry), signal);
  return { entry, proof, publication };
}
