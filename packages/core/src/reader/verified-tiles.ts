import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import type { LeafRange } from '../merkle/subtree.ts';
import type { Tree } from '../merkle/tree.ts';
import { tileRoot } from '../tiles/hash-tile.ts';
import { neededTiles, subtreeHashFromTiles } from '../tiles/subtree-tiles.ts';
import type { TileId } from '../tiles/tile-id.ts';
import { widthAt } from '../tiles/tile-range.ts';
import { TILE_WIDTH } from '../tiles/tile-shape.ts';
import { type Fetched, fetchTile } from './fetch-tile.ts';
import { mayBePruned } from './minimum-index.ts';
import type { ReadObject, ReadSignal } from './read-object.ts';
import { SharedReads } from './shared-reads.ts';

/** Enough for the upper levels of any log, and for neighbours at the lowest. */
const MAX_CACHED_TILES = 1024;

/**
 * The hash tiles of one signed tree. The partial tiles at the right edge are checked together, as they make the root;
 * every full tile is checked against the hash that the verified tile above it holds.
 */
export class VerifiedTiles {
  readonly #read: ReadObject;
  readonly #tree: Tree;
  readonly #minimumIndex: number;
  readonly #full = new SharedReads<readonly Hash[]>(MAX_CACHED_TILES);
  readonly #edge = new SharedReads<ReadonlyMap<number, readonly Hash[]>>(1);

  constructor(read: ReadObject, tree: Tree, minimumIndex: number) {
    this.#read = read;
    this.#tree = tree;
    this.#minimumIndex = minimumIndex;
  }

  /** Throws CoreError `out-of-range`, `missing`, `malformed`, `mismatch`, what the port throws. */
  async tile(level: number, index: number, signal: ReadSignal | undefined): Promise<readonly Hash[]> {
    const { size } = this.#tree;
    const width = widthAt(level, index, size);
    if (width === 0) throw new CoreError('out-of-range', `a tree of size ${size} has no tile ${level}/${index}`);
    if (width === TILE_WIDTH) {
      return this.#full.get(`${level}/${index}`, signal, () => this.#fullTile({ level, index, width }, signal));
    }
    const edge = await this.#edge.get('', signal, () => this.#rightEdge(signal));
    return edge.get(level) ?? [];
  }

  /** Hashes of subtrees that lie in the tree, whether they end at its right edge or before. Throws as {@link tile}. */
  async subtreeHashes(ranges: readonly LeafRange[], signal: ReadSignal | undefined): Promise<Hash[]> {
    const { size } = this.#tree;
    const needed = neededTiles(ranges, size);
    const read = await Promise.all(needed.map(({ level, index }) => this.tile(level, index, signal)));
    const tiles = new Map(needed.map(({ level, index }, i) => [`${level}/${index}`, read[i] ?? []]));
    const tileAt = (level: number, index: number) => tiles.get(`${level}/${index}`) ?? [];
    return ranges.map(({ start, end }) => subtreeHashFromTiles(start, end, size, tileAt));
  }

  async #fullTile(tile: TileId, signal: ReadSignal | undefined): Promise<readonly Hash[]> {
    const offset = tile.index % TILE_WIDTH;
    const [above, fetched] = await Promise.all([
      this.tile(tile.level + 1, (tile.index - offset) / TILE_WIDTH, signal),
      this.#fetch(tile, signal),
    ]);
    const expected = above[offset];
    if (expected !== undefined && equalBytes(tileRoot(fetched.items), expected)) return fetched.items;
    throw new CoreError('mismatch', `${fetched.path} does not belong to the signed tree of size ${this.#tree.size}`);
  }

  async #rightEdge(signal: ReadSignal | undefined): Promise<ReadonlyMap<number, readonly Hash[]>> {
    const { size, root } = this.#tree;
    const tiles = neededTiles([{ start: 0, end: size }], size);
    const fetched = await Promise.all(tiles.map((tile) => this.#fetch(tile, signal)));
    const edge = new Map(tiles.map((tile, i) => [tile.level, fetched[i]?.items ?? []]));
    const actual = subtreeHashFromTiles(0, size, size, (level) => edge.get(level) ?? []);
    if (equalBytes(actual, root)) return edge;
    const paths = fetched.map((tile) => tile.path).join(', ');
    throw new CoreError('mismatch', `the partial tiles (${paths}) do not lead to the signed root of size ${size}`);
  }

  async #fetch(tile: TileId, signal: ReadSignal | undefined): Promise<Fetched<Hash>> {
    try {
      return await fetchTile(this.#read, tile, signal);
    } catch (cause) {
      const pruned = cause instanceof CoreError && cause.code === 'missing' && mayBePruned(tile, this.#minimumIndex);
      if (!pruned) throw cause;
      const message = `${cause.message}: it ends below the minimum index ${this.#minimumIndex}, so the log may have pruned it`;
      throw new CoreError('missing', message, { cause });
    }
  }
}
