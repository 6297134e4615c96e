import { asHash, HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { hashNodes, nodeHash } from '../hash/tree-hash.ts';

/** A node over fewer hashes is hashed together with the others over the same run of this many. */
const RUN = 16;

/** One level of the tree over a tile: its nodes side by side, and which of them are there yet. */
interface Level {
  readonly nodes: Uint8Array;
  readonly present: Uint8Array;
}

/** The tree over a full or partial tile's hashes. Nodes are hashed when they are asked for, a run of a level a call. */
export class TileNodes {
  /** How many hashes the tile has. */
  readonly width: number;
  readonly #tile: readonly Hash[] | Uint8Array;
  #levels: Level[] | undefined;
  #asked = false;

  /** More hashes than `full` are not looked at. */
  constructor(tile: readonly Hash[] | Uint8Array, full: number) {
    this.#tile = tile;
    this.width = Math.min(full, tile instanceof Uint8Array ? Math.floor(tile.length / HASH_SIZE) : tile.length);
  }

  /** Root over `count` of the hashes, from number `offset`: a power of two, and a multiple of it, within the width. */
  root(offset: number, count: number): Hash {
    if (count === 1) return this.#hashAt(offset);
    // Who asks once for little pays for little; who asks again goes on to the neighbours.
    if (count <= RUN && !this.#asked) {
      this.#asked = true;
      return this.#fold(offset, count);
    }
    const height = Math.log2(count);
    const { nodes, present } = this.#level(height);
    const index = offset / count;
    const run = Math.max(1, RUN / count);
    const first = Math.floor(index / run) * run;
    this.#provide(height, first, Math.min(first + run, present.length));
    return asHash(nodes.slice(HASH_SIZE * index, HASH_SIZE * (index + 1)));
  }

  #fold(offset: number, count: number): Hash {
    if (count === 1) return this.#hashAt(offset);
    return nodeHash(this.#fold(offset, count / 2), this.#fold(offset + count / 2, count / 2));
  }

  /** From bytes a copy, so that a proof does not keep whole tiles alive. */
  #hashAt(offset: number): Hash {
    const tile = this.#tile;
    if (!(tile instanceof Uint8Array)) return asHash(tile[offset] ?? new Uint8Array(0));
    return asHash(new Uint8Array(tile.subarray(HASH_SIZE * offset, HASH_SIZE * (offset + 1))));
  }

  #level(height: number): Level {
    this.#levels ??= [];
    const known = this.#levels[height];
    if (known !== undefined) return known;
    const count = Math.floor(this.width / 2 ** height);
    const level =
      height === 0 && this.#tile instanceof Uint8Array
        ? { nodes: this.#tile, present: new Uint8Array(count).fill(1) }
        : { nodes: new Uint8Array(HASH_SIZE * count), present: new Uint8Array(count) };
    this.#levels[height] = level;
    return level;
  }

  /** Sees to it that the nodes `from` to `to` of a level are there. */
  #provide(height: number, from: number, to: number): void {
    const { nodes, present } = this.#level(height);
    let first = from;
    let end = to;
    while (first < end && present[first] === 1) first++;
    while (first < end && present[end - 1] === 1) end--;
    if (first === end) return;
    if (height === 0) {
      for (let i = first; i < end; i++) nodes.set(this.#hashAt(i), HASH_SIZE * i);
    } else {
      this.#provide(height - 1, 2 * first, 2 * end);
      const below = this.#level(height - 1).nodes.subarray(2 * HASH_SIZE * first, 2 * HASH_SIZE * end);
      hashNodes(below, nodes.subarray(HASH_SIZE * first), end - first);
    }
    present.fill(1, first, end);
  }
}
