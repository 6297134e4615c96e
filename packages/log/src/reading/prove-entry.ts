import type { Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { inclusionProofRanges, proveInclusion, type SubtreeHash, verifyInclusion } from '@tilewright/core/merkle';
import { neededTiles, subtreeHasher, TILE_WIDTH, type TileId } from '@tilewright/core/tiles';
import type { Publication } from '../intake/publication.ts';
import { LogError } from '../log-error.ts';
import { type ObjectReader, readEntries, readHashTile } from './read-objects.ts';

/** A published entry with its proof; verified. */
export interface ProvenEntry {
  readonly entry: Uint8Array;
  /** Towards `publication.tree`, leaf to root. */
  readonly proof: readonly Hash[];
  readonly publication: Publication;
}

/** Inclusion proofs towards one publication, from the stored tiles. Each tile is read once, however many entries ask for it. */
export class TileProofs {
  readonly #objects: ObjectReader;
  readonly #publication: Publication;
  readonly #signal: AbortSignal | undefined;
  readonly #reading = new Map<string, Promise<void>>();
  readonly #tiles = new Map<string, Uint8Array>();
  readonly #subtreeHash: SubtreeHash;

  constructor(objects: ObjectReader, publication: Publication, signal: AbortSignal | undefined) {
    this.#objects = objects;
    this.#publication = publication;
    this.#signal = signal;
    this.#subtreeHash = subtreeHasher(
      publication.tree.size,
      (level, index) => this.#tiles.get(`${level}/${index}`) ?? new Uint8Array(0),
    );
  }

  /** Leaf to root, verified against `leaf`. Throws 'proof-failed' and 'corrupt'. */
  async prove(index: number, leaf: Hash): Promise<readonly Hash[]> {
    const { tree } = this.#publication;
    await Promise.all(neededTiles(inclusionProofRanges(index, tree.size), tree.size).map((tile) => this.#load(tile)));
    try {
      const proof = proveInclusion(index, tree.size, this.#subtreeHash);
      verifyInclusion(leaf, index, tree, proof);
      return proof;
    } catch (cause) {
      throw new LogError('proof-failed', `the inclusion proof of entry ${index} in size ${tree.size} does not verify`, {
        cause,
      });
    }
  }

  #load(tile: TileId): Promise<void> {
    const key = `${tile.level}/${tile.index}`;
    const known = this.#reading.get(key);
    if (known !== undefined) return known;
    const reading = readHashTile(this.#objects, tile, this.#publication.tree.size, this.#signal).then((bytes) => {
      this.#tiles.set(key, bytes);
    });
    this.#reading.set(key, reading);
    return reading;
  }
}

/** The published entry at `index` with its proof. Throws 'not-found' at or beyond the published size. */
export async function proveEntry(
  objects: ObjectReader,
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
  const proof = await new TileProofs(objects, publication, signal).prove(index, leafHash(entry));
  return { entry, proof, publication };
}
