import { equalBytes } from '@tilewright/core/bytes';
import { parseCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { naiveTree } from '@tilewright/core/testing';
import { TLOG_TILES } from '@tilewright/core/tiles';
import { type CheckedLog, checkLog } from '@tilewright/log/testing';
import { openPosixReader } from '../open-posix-reader.ts';
import type { SimulatedDisk } from '../testing/simulated-disk.ts';
import { logVerifier, ORIGIN } from './test-key.ts';

/** Where the log of the fault table lives. */
export const ROOT = '/srv/log';

/** What one process was told or told others, over the life of a log: it must hold for ever after. */
export class Oracle {
  /** The log's `LogOptions.tileHeight`. */
  readonly tileHeight: number;
  readonly #acknowledged = new Map<number, Uint8Array>();
  readonly #trees: Tree[] = [];
  readonly #served = new Map<string, Uint8Array>();
  /** What was seen at a moment when nobody could be told. */
  #broken: string | undefined;
  #published = 0;
  #signed = 0;

  constructor(tileHeight: number = TLOG_TILES.height) {
    this.tileHeight = tileHeight;
  }

  /** A client was answered: its entry is at `index` of a published log of this tree. */
  acknowledged(index: number, data: Uint8Array, tree: Tree): void {
    const before = this.#acknowledged.get(index);
    if (before !== undefined && !equalBytes(before, data)) throw new Error(`two entries were given index ${index}`);
    this.#acknowledged.set(index, data);
    this.#published = Math.max(this.#published, tree.size);
    this.#trees.push(tree);
  }

  /** The log's key was used on this text, while the disk held a durable floor of `floor` entries. */
  signed(text: Uint8Array, floor: number): void {
    const tree = parseCheckpoint(text);
    if (tree.size > floor) this.#broken ??= `${tree.size} entries were signed while the durable floor was ${floor}`;
    this.#trees.push(tree);
    this.#signed = Math.max(this.#signed, tree.size);
  }

  /** Somebody fetched everything below `tile/` that is to be had: a path never changes its bytes. */
  fetchTiles(disk: SimulatedDisk): void {
    for (const path of disk.files(`${ROOT}/tile`)) {
      const bytes = new Uint8Array(disk.file(path).size);
      disk.file(path).read(bytes, 0);
      const before = this.#served.get(path);
      if (before === undefined) this.#served.set(path, bytes);
      else if (Buffer.compare(before, bytes) !== 0) throw new Error(`${path} served two byte strings`);
    }
  }

  /** What a static server shows: a whole log that holds everything that was answered. */
  async checkPublished(disk: SimulatedDisk): Promise<CheckedLog> {
    if (this.#broken !== undefined) throw new Error(this.#broken);
    const reader = openPosixReader(ROOT, disk.process());
    const log = await checkLog({ origin: ORIGIN, verifier: logVerifier, tileHeight: this.tileHeight, ...reader });
    if (log.size < this.#published) {
      throw new Error(`a checkpoint of ${this.#published} entries was published, now there is one of ${log.size}`);
    }
    for (const [index, data] of this.#acknowledged) {
      const found = log.entries[index];
      if (found === undefined || !equalBytes(found, data)) throw new Error(`acknowledged entry ${index} is lost`);
    }
    return log;
  }

  /** After recovery the log also covers everything that was ever signed, with the same roots. */
  checkRecovered(log: CheckedLog): void {
    if (log.size < this.#signed) throw new Error(`${this.#signed} entries were signed, ${log.size} are left`);
    const tree = naiveTree(log.entries.map((entry) => leafHash(entry)));
    for (const old of this.#trees) {
      if (old.size > 0 && !equalBytes(tree.root(0, old.size), old.root)) {
        throw new Error(`the log of ${old.size} entries has another root now: it forked`);
      }
    }
  }
}
