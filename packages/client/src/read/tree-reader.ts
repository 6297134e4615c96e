import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import * as core from '@tilewright/core/reader';
import { ENTRY_BUNDLES } from '@tilewright/core/tiles';
import type { TileSource } from '../source/tile-source.ts';
import { objectsOf, readByCore } from './from-core.ts';

/** The reader of `core` over a source: what this package's readers are made of. */
export function coreReader(source: TileSource, tree: Tree): core.TreeReader<Uint8Array> {
  return new core.TreeReader(objectsOf(source), tree, ENTRY_BUNDLES);
}

/** Reads the tiles and entries of one signed tree and hands out nothing that the tree's root does not prove. */
export class TreeReader {
  readonly tree: Tree;
  readonly #reader: core.TreeReader<Uint8Array>;

  /** @param tree a size and root that come from a checkpoint whose signature was verified */
  constructor(source: TileSource, tree: Tree) {
    this.tree = tree;
    this.#reader = coreReader(source, tree);
  }

  /**
   * The verified hashes of a tile of this tree.
   * @throws ClientError `out-of-range`, `missing`, `malformed`, `inconsistent`, what the source throws
   */
  tile(level: number, index: number, signal?: AbortSignal): Promise<readonly Hash[]> {
    return readByCore(() => this.#reader.tile(level, index, signal));
  }

  /**
   * The verified entries of a bundle of this tree, with their leaf hashes.
   * @throws ClientError as {@link tile}
   */
  async bundle(index: number, signal?: AbortSignal): Promise<readonly { data: Uint8Array; leafHash: Hash }[]> {
    const proven = await readByCore(() => this.#reader.bundle(index, signal));
    return proven.map(({ entry, leafHash }) => ({ data: entry, leafHash }));
  }
}
