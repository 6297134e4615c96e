import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { asTreeSize, isCount, type TreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import { consistencyProofRanges, verifyConsistency } from '../merkle/consistency-proof.ts';
import { inclusionProofRanges, verifyInclusion } from '../merkle/inclusion-proof.ts';
import type { Tree } from '../merkle/tree.ts';
import type { EntryCodec } from '../tiles/entry-codec.ts';
import { widthAt } from '../tiles/tile-range.ts';
import { TILE_WIDTH } from '../tiles/tile-shape.ts';
import { ahead } from './ahead.ts';
import { fetchEntries } from './fetch-tile.ts';
import { checkMinimumIndex } from './minimum-index.ts';
import type { ReadObject, ReadSignal } from './read-object.ts';
import type { EntriesOptions, ProvenEntry, ProvenLeaf, ProveOptions, TreeReaderOptions } from './reader-types.ts';
import { VerifiedTiles } from './verified-tiles.ts';

/**
 * Reads one signed tree and hands out nothing that its root does not prove: tiles, entries, proofs. It keeps the 1024
 * full tiles that it used last.
 *
 * Every method throws CoreError `missing` for an object that is not there, `malformed` for one that is not what it should
 * be, `mismatch` for one that is not the signed tree's, and whatever the port throws.
 */
export class TreeReader<E> {
  readonly tree: Tree;
  readonly minimumIndex: number;
  readonly #read: ReadObject;
  readonly #codec: EntryCodec<E>;
  readonly #tiles: VerifiedTiles;

  /**
   * @param tree a size and root that come from a checkpoint whose signatures were verified
   * @param codec `ENTRY_BUNDLES` of `./tiles`, or `DATA_TILES` of `./static-ct`
   * @throws CoreError `out-of-range` for a minimum index above the size
   */
  constructor(read: ReadObject, tree: Tree, codec: EntryCodec<E>, options: TreeReaderOptions = {}) {
    const { minimumIndex = 0 } = options;
    checkMinimumIndex(minimumIndex, asTreeSize(tree.size));
    this.tree = tree;
    this.minimumIndex = minimumIndex;
    this.#read = read;
    this.#codec = codec;
    this.#tiles = new VerifiedTiles(read, tree, minimumIndex);
  }

  /**
   * The hashes of a tile of the tree: 256, or fewer at its right edge.
   *
   * @throws CoreError `out-of-range` when the tree has no such tile, and as said above
   */
  tile(level: number, index: number, signal?: ReadSignal): Promise<readonly Hash[]> {
    return this.#tiles.tile(level, index, signal);
  }

  /**
   * The entries of a bundle of the tree: 256, or fewer at its right edge.
   *
   * @throws CoreError `out-of-range` when the tree has no such bundle or it ends at or below the minimum index, and as
   *   said above
   */
  async bundle(index: number, signal?: ReadSignal): Promise<readonly ProvenEntry<E>[]> {
    const width = widthAt(0, index, this.tree.size);
    const first = index * TILE_WIDTH;
    // Where there is no such bundle, the tile says so.
    if (width > 0) this.#checkIndex(first + width - 1);
    const hashes = await this.tile(0, index, signal);
    const fetched = await fetchEntries(this.#read, this.#codec, { index, width }, signal);
    return fetched.items.map((entry, i) => {
      const actual = this.#codec.leafHash(entry);
      if (equalBytes(actual, hashes[i] ?? EMPTY_ROOT)) return { index: first + i, entry, leafHash: actual };
      throw new CoreError('mismatch', `${fetched.path}: entry ${i} is not the one that the signed tree holds`);
    });
  }

  /**
   * The entries in order, a few bundles read ahead.
   *
   * @throws CoreError `out-of-range` unless minimum index ≤ from ≤ to ≤ size and `parallel` ≥ 1, and as said above
   */
  async *entries(options: EntriesOptions = {}): AsyncGenerator<ProvenEntry<E>, void, undefined> {
    const { from = this.minimumIndex, to = this.tree.size, parallel = 4, signal } = options;
    if (!isCount(from) || !isCount(to) || from > to || to > this.tree.size) {
      throw new CoreError('out-of-range', `entries ${from} to ${to} are not all below the size ${this.tree.size}`);
    }
    if (!isCount(parallel) || parallel === 0) {
      throw new CoreError('out-of-range', 'the number of bundles fetched at a time is an integer from 1');
    }
    if (from === to) return;
    this.#checkIndex(from);
    const first = Math.floor(from / TILE_WIDTH);
    const count = Math.ceil(to / TILE_WIDTH) - first;
    for await (const bundle of ahead(count, parallel, (i) => this.bundle(first + i, signal))) {
      for (const proven of bundle) if (proven.index >= from && proven.index < to) yield proven;
    }
  }

  /**
   * The tree as it was at an earlier size, which the signed root proves.
   *
   * @throws CoreError `out-of-range` unless 0 ≤ size ≤ the size of the signed tree, and as said above. Below the minimum
   *   index tiles may be `missing`.
   */
  async treeAt(size: number, signal?: ReadSignal): Promise<Tree> {
    const earlier = this.#sizeWithin(size);
    if (earlier === this.tree.size) return this.tree;
    const [root = EMPTY_ROOT] = await this.#tiles.subtreeHashes([{ start: 0, end: earlier }], signal);
    return { size: earlier, root };
  }

  /**
   * The inclusion proof of a leaf.
   *
   * @throws CoreError `out-of-range` unless minimum index ≤ index < size, and as said above
   */
  async proveInclusion(index: number, options: ProveOptions = {}): Promise<ProvenLeaf> {
    const { signal } = options;
    const size = this.#sizeWithin(options.size ?? this.tree.size);
    if (!isCount(index) || index >= size) {
      const there = size === 0 ? 'the log is empty' : `the log has entries 0 to ${size - 1}`;
      throw new CoreError('out-of-range', `${there}; there is no entry ${index}`);
    }
    this.#checkIndex(index);
    const ranges = [{ start: index, end: index + 1 }, ...inclusionProofRanges(index, size)];
    const [tree, [leafHash = EMPTY_ROOT, ...proof]] = await Promise.all([
      this.treeAt(size, signal),
      this.#tiles.subtreeHashes(ranges, signal),
    ]);
    verifyInclusion(leafHash, index, tree, proof);
    return { index, leafHash, proof, tree };
  }

  /**
   * The proof that the tree continues `old`.
   *
   * @param old a checkpoint of the same log, opened with its key, or what {@link treeAt} returned
   * @throws CoreError `out-of-range` when `old` is larger; `proof-invalid` when the tree is not a continuation of `old`,
   *   which two signed checkpoints prove to be a fork; and as said above. Of an `old` below the minimum index tiles may
   *   be `missing`.
   */
  async proveConsistency(old: Tree, options: ProveOptions = {}): Promise<readonly Hash[]> {
    const { signal } = options;
    const size = this.#sizeWithin(options.size ?? this.tree.size);
    if (old.size > size) {
      throw new CoreError('out-of-range', `a tree of size ${old.size} cannot come before one of size ${size}`);
    }
    const ranges = consistencyProofRanges(old.size, size);
    const [now, proof] = await Promise.all([this.treeAt(size, signal), this.#tiles.subtreeHashes(ranges, signal)]);
    try {
      verifyConsistency(old, now, proof);
      return proof;
    } catch (cause) {
      const message = `the tree of size ${size} is not a continuation of the one of size ${old.size}: the log forked`;
      throw new CoreError('proof-invalid', message, { cause });
    }
  }

  #sizeWithin(size: number): TreeSize {
    if (asTreeSize(size) <= this.tree.size) return asTreeSize(size);
    throw new CoreError('out-of-range', `the signed tree has size ${this.tree.size}, it says nothing of size ${size}`);
  }

  #checkIndex(index: number): void {
    if (index >= this.minimumIndex) return;
    const message = `entry ${index} is below the minimum index ${this.minimumIndex}: the log may have pruned it`;
    throw new CoreError('out-of-range', message);
  }
}
