import { encodeHex, equalBytes } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { type Tree, verifyInclusion } from '@tilewright/core/merkle';
import { naiveTree } from '@tilewright/core/testing';
import { type NewEntry, proveEntry, type Receipt } from '@tilewright/log';
import type { ObjectStore } from '@tilewright/log/ports';
import type { CheckedLog } from '@tilewright/log/testing';
import type { MemoryStore } from '../../open-memory-store.ts';
import { ORIGIN, verifier } from '../test-log.ts';

/** Remembers everything that a log ever showed to anybody, and holds the log to it. */
export class Witness {
  readonly #trees: Tree[] = [];
  readonly #notes = new WeakMap<Uint8Array, Tree>();
  readonly #promised = new Map<number, string>();
  readonly #served = new Map<string, Uint8Array>();
  readonly #tileHeight: number;

  constructor(tileHeight: number) {
    this.#tileHeight = tileHeight;
  }

  /** `store`, whose every object and checkpoint is looked at as it is written. */
  watch(store: MemoryStore): MemoryStore {
    const create: ObjectStore['create'] = async (path, bytes) => {
      const first = this.#served.get(path);
      if (first !== undefined && !equalBytes(first, bytes)) throw new Error(`${path} would serve two byte strings`);
      this.#served.set(path, bytes.slice());
      return store.objects.create(path, bytes);
    };
    return {
      ...store,
      objects: { ...store.objects, create },
      checkpoints: {
        ...store.checkpoints,
        replace: async (note, expected) => {
          const version = await store.checkpoints.replace(note, expected);
          if (version !== 'lost') this.#seen(note);
          return version;
        },
      },
    };
  }

  /** An answer: its checkpoint, its proof, and the index that can never change again. */
  answered(entry: NewEntry, { index, duplicate, publication, proof }: Receipt): void {
    this.#seen(publication.note);
    if (index >= publication.tree.size) throw new Error(`index ${index} was answered before it was published`);
    if (duplicate !== (proof === undefined)) throw new Error(`entry ${index}: a proof is for the first alone`);
    if (proof !== undefined) verifyInclusion(entry.leafHash, index, publication.tree, proof);
    this.#promise(index, entry.leafHash);
  }

  /** Reads as an outsider does, with nothing but the stored objects: any entry of the checkpoint that stands there. */
  async read({ objects, checkpoints }: MemoryStore, unit: number): Promise<void> {
    const stored = await checkpoints.read();
    if (stored === undefined) return;
    const tree = this.#seen(stored.note);
    if (tree.size === 0) return;
    const index = Math.floor(unit * tree.size);
    const proven = await proveEntry(objects, { tree, note: stored.note }, index, undefined, this.#tileHeight);
    this.#promise(index, leafHash(proven.entry));
  }

  /** Holds `log`, re-derived from its bytes, to everything that was ever shown. */
  judge(log: CheckedLog): void {
    const hashes = log.entries.map((entry) => leafHash(entry));
    const slow = naiveTree(hashes);
    for (const tree of this.#trees) {
      const now = tree.size <= log.size ? slow.root(0, tree.size) : undefined;
      if (now === undefined || !equalBytes(now, tree.root))
        throw new Error(`the checkpoint of ${tree.size} was forked`);
    }
    for (const [index, hash] of this.#promised) {
      const now = hashes[index];
      if (now === undefined || encodeHex(now) !== hash) throw new Error(`entry ${index} was lost or changed`);
    }
  }

  #promise(index: number, hash: Uint8Array): void {
    const text = encodeHex(hash);
    if ((this.#promised.get(index) ?? text) !== text) throw new Error(`index ${index} was promised to two entries`);
    this.#promised.set(index, text);
  }

  #seen(note: Uint8Array): Tree {
    const known = this.#notes.get(note);
    if (known !== undefined) return known;
    const tree = openCheckpoint(note, ORIGIN, verifier);
    this.#notes.set(note, tree);
    this.#trees.push(tree);
    return tree;
  }
}
