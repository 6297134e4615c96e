import type { Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { inclusionProofRanges, proveInclusion, type SubtreeHash, verifyInclusion } from '@tilewright/core/merkle';
import { neededTiles, subtreeHasher, type TileId, TLOG_TILES, tileShape } from '@tilewright/core/tiles';
import type { Publication } from '../intake/publication.ts';
import { LogError } from '../log-error.ts';
import { type ObjectReader, type Reading, readEntries, readHashTile } from './read-objects.ts';

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
  readonly #reading: Reading;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #tiles = new Map<string, Uint8Array>();
  readonly #subtreeHash: SubtreeHash;

  constructor(objects: ObjectReader, publication: Publication, reading: Reading) {
    this.#objects = objects;
    this.#publication = publication;
    this.#reading = reading;
    this.#subtreeHash = subtreeHasher(
      publication.tree.size,
      (level, index) => this.#tiles.get(`${level}/${index}`) ?? new Uint8Array(0),
      reading.shape,
    );
  }

  /** Leaf to root, verified against `leaf`. Throws 'proof-failed' and 'corrupt'. */
  async prove(index: number, leaf: Hash): Promise<readonly Hash[]> {
    const { tree } = this.#publication;
    const needed = neededTiles(inclusionProofRanges(index, tree.size), tree.size, this.#reading.shape);
    await Promise.all(needed.map((tile) => this.#load(tile)));
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
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const reading = readHashTile(this.#objects, tile, this.#publication.tree.size, this.#reading).then((bytes) => {
      this.#tiles.set(key, bytes);
    });
    this.#underWay.set(key, reading);
    return reading;
  }
}

/**
 * The published entry at `index` with its proof. `tileHeight` is the log's `LogOptions.tileHeight`.
 * Throws 'not-found' at or beyond the published size.
 */
export async function proveEntry(
  objects: ObjectReader,
  publication: Publication,
  index: number,
  signal?: AbortSignal,
  tileHeight: number = TLOG_TILES.height,
): Promise<ProvenEntry> {
  const reading = { signal, shape: tileShape(tileHeight) };
  const { width: full } = reading.shape;
  const { size } = publication.tree;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new LogError('not-found', `index ${index} is not in the published log of ${size} entries`);
  }
  const bundle = Math.floor(index / full);
  const width = Math.min(full, size - bundle * full);
  const entry = (await readEntries(objects, { index: bundle, width }, size, reading))[index % full];
  if (entry === undefined) throw new LogError('corrupt', `entry ${index} is missing from its bundle`);
  const proof = await new TileProofs(objects, publication, reading).prove(index, leafHash(entry));
  return { entry, proof, publication };
}
