import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { EMPTY_ROOT, leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { neededTiles, subtreeHashFromTiles, TILE_WIDTH, type TileId, tileRoot, widthAt } from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';
import { fetchBundle, fetchTile } from './fetch-tile.ts';

/** 1024 tiles of 8 KiB: enough for the upper levels of any log, and for neighbours at the lowest. */
const MAX_CACHED_TILES = 1024;

/**
 * Reads the tiles and entries of one signed tree and hands out nothing that the tree's root does not prove. The partial
 * tiles at the right edge are checked together, as they make the root; every full tile is checked against the hash that
 * the verified tile above it holds.
 */
export class TreeReader {
  readonly tree: Tree;
  readonly #source: TileSource;
  /** In order of last use. Promises, so that readers in parallel share one fetch. */
  readonly #tiles = new Map<string, Promise<readonly Hash[]>>();
  #edge: Promise<ReadonlyMap<number, readonly Hash[]>> | undefined;

  /** @param tree a size and root that come from a checkpoint whose signature was verified */
  constructor(source: TileSource, tree: Tree) {
    this.#source = source;
    this.tree = tree;
  }

  /**
   * The verified hashes of a tile of this tree.
   * @throws ClientError `out-of-range`, `missing`, `malformed`, `inconsistent`, what the source throws
   */
  async tile(level: number, index: number, signal?: AbortSignal): Promise<readonly Hash[]> {
    const width = widthAt(level, index, this.tree.size);
    if (width === 0)
      throw new ClientError('out-of-range', `a tree of size ${this.tree.size} has no tile ${level}/${index}`);
    if (width < TILE_WIDTH) {
      const hashes = (await this.#rightEdge(signal)).get(level);
      if (hashes !== undefined) return hashes;
    }
    const key = `${level}/${index}`;
    const cached = this.#tiles.get(key) ?? this.#verifiedTile({ level, index, width }, signal);
    this.#remember(key, cached);
    return cached;
  }

  /**
   * The verified entries of a bundle of this tree, with their leaf hashes.
   * @throws ClientError as {@link tile}
   */
  async bundle(index: number, signal?: AbortSignal): Promise<readonly { data: Uint8Array; leafHash: Hash }[]> {
    const hashes = await this.tile(0, index, signal);
    const fetched = await fetchBundle(this.#source, { index, width: hashes.length }, signal);
    return fetched.items.map((data, i) => {
      const actual = leafHash(data);
      const expected = hashes[i];
      if (expected !== undefined && equalBytes(actual, expected)) return { data, leafHash: expected };
      throw new ClientError('inconsistent', `${fetched.path}: entry ${i} is not the one that the signed tree holds`);
    });
  }

  async #verifiedTile(tile: TileId, signal: AbortSignal | undefined): Promise<readonly Hash[]> {
    const offset = tile.index % TILE_WIDTH;
    const [above, fetched] = await Promise.all([
      this.tile(tile.level + 1, (tile.index - offset) / TILE_WIDTH, signal),
      fetchTile(this.#source, tile, signal),
    ]);
    const expected = above[offset];
    if (expected !== undefined && equalBytes(tileRoot(fetched.items), expected)) return fetched.items;
    throw new ClientError(
      'inconsistent',
      `${fetched.path} does not belong to the signed tree of size ${this.tree.size}`,
    );
  }

  #rightEdge(signal: AbortSignal | undefined): Promise<ReadonlyMap<number, readonly Hash[]>> {
    if (this.#edge === undefined) {
      const edge = this.#verifiedEdge(signal);
      this.#edge = edge;
      edge.catch(() => {
        if (this.#edge === edge) this.#edge = undefined;
      });
    }
    return this.#edge;
  }

  async #verifiedEdge(signal: AbortSignal | undefined): Promise<ReadonlyMap<number, readonly Hash[]>> {
    const { size, root } = this.tree;
    const tiles = neededTiles([{ start: 0, end: size }], size);
    const fetched = await Promise.all(tiles.map((tile) => fetchTile(this.#source, tile, signal)));
    const edge = new Map(tiles.map((tile, i) => [tile.level, fetched[i]?.items ?? []]));
    const actual = size === 0 ? EMPTY_ROOT : subtreeHashFromTiles(0, size, size, (level) => edge.get(level) ?? []);
    if (equalBytes(actual, root)) return edge;
    const paths = fetched.map((tile) => tile.path).join(', ');
    throw new ClientError(
      'inconsistent',
      `the partial tiles (${paths}) do not lead to the signed root of size ${size}`,
    );
  }

  #remember(key: string, tile: Promise<readonly Hash[]>): void {
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    tile.catch(() => {
      if (this.#tiles.get(key) === tile) this.#tiles.delete(key);
    });
    const oldest = this.#tiles.keys().next().value;
    if (this.#tiles.size > MAX_CACHED_TILES && oldest !== undefined) this.#tiles.delete(oldest);
  }
}
