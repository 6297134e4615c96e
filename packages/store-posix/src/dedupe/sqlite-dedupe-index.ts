import { asLeafIndex, asTreeSize, type Hash, type LeafIndex, type TreeSize } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { DedupeIndex, LogEvents } from '@tilewright/log/ports';
import { isFull } from '../fs/errno.ts';
import type { DedupeFile } from './dedupe-file.ts';
import { LeafDatabase } from './leaf-database.ts';
import { KEY_SIZE, LeafTable } from './leaf-table.ts';
import { indexDamage } from './recent-keys.ts';

/**
 * Leaves that are kept in memory before they are sorted into the database: neighbours then share pages. The more pages
 * there are, the longer a run must be for that; so it grows with the index, to a dozen MiB. With 65,536 an entry of a log of
 * ten million cost 47 and 53 µs, now 44 and 46.
 */
const SHORTEST_RUN = 65_536;
const LONGEST_RUN = 262_144;
const PART_OF_INDEX = 1 / 32;

function runLengthAt(covered: number): number {
  return Math.min(LONGEST_RUN, Math.max(SHORTEST_RUN, Math.floor(covered * PART_OF_INDEX)));
}

/** Leaves on their way from memory into the sorted table, in order of key. */
interface Run {
  readonly table: LeafTable;
  readonly order: Float64Array;
  /** Everything below this index is in this run or was moved before. */
  readonly below: number;
  moved: number;
}

/**
 * Leaf hash to index in SQLite. Inserting leaves one by one at random places would write a page for each; so the
 * newest are kept in memory and, unsorted, on disk, and are merged into the sorted table run by run, a slice with
 * every commit.
 */
export class SqliteDedupeIndex implements DedupeIndex {
  readonly #file: DedupeFile;
  readonly #logId: Hash;
  readonly #events: LogEvents;
  readonly #runLengthAt: (covered: number) => number;
  #database: LeafDatabase;
  #covered = 0;
  #closed = false;
  /** It was made anew, and nothing was added since: if that is damaged too, making it anew once more does not help. */
  #anew = false;
  #active = new LeafTable();
  #run: Run | undefined;

  /** Opens the index in `file`. What cannot be read is deleted and rebuilt by whoever fills it, and said. */
  constructor(file: DedupeFile, logId: Hash, events: LogEvents, runLength?: number) {
    this.#runLengthAt = runLength === undefined ? runLengthAt : () => runLength;
    this.#file = file;
    this.#logId = logId;
    this.#events = events;
    try {
      file.checkSeal();
      this.#database = this.#open();
    } catch (error) {
      this.#database = this.#rebuild(error);
    }
  }

  async covered(): Promise<TreeSize> {
    return asTreeSize(this.#covered);
  }

  async find(ids: readonly Hash[]): Promise<readonly (LeafIndex | undefined)[]> {
    try {
      return ids.map((id) => this.#find(id));
    } catch (cause) {
      this.#heal(cause);
      throw this.#failure('read', cause);
    }
  }

  async add(from: TreeSize, ids: readonly Hash[]): Promise<boolean> {
    if (from !== this.#covered) return false;
    try {
      this.#write(from, ids);
    } catch (cause) {
      // Whoever fills it then asks where to begin.
      if (this.#heal(cause)) return false;
      throw this.#failure('written', cause);
    }
    this.#anew = false;
    for (const [at, id] of ids.entries()) this.#active.add(id, from + at);
    this.#covered = from + ids.length;
    if (this.#active.count >= this.#runLengthAt(this.#covered) && this.#run === undefined) this.#startRun();
    return true;
  }

  async reset(): Promise<void> {
    this.#database.close();
    this.#file.remove();
    this.#database = this.#open();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
    this.#file.seal();
  }

  /** Older places first: of a leaf that is there twice, the earliest index wins. */
  #find(id: Hash): LeafIndex | undefined {
    const found = this.#database.find(id.subarray(0, KEY_SIZE)) ?? this.#run?.table.find(id) ?? this.#active.find(id);
    if (found !== undefined && found >= this.#covered)
      throw indexDamage(`leaf ${found} is not one of ${this.#covered}`);
    return found === undefined ? undefined : asLeafIndex(found);
  }

  /** Opens the database and takes over what it holds. One that cannot be used is closed: SQLite removes files when it is. */
  #open(): LeafDatabase {
    const database = new LeafDatabase(this.#file.path, this.#logId);
    try {
      this.#file.checkSize(database.covered);
      this.#load(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #load(database: LeafDatabase): void {
    this.#active = new LeafTable();
    this.#run = undefined;
    this.#covered = database.covered;
    for (const { first, keys } of database.recent()) {
      for (let at = 0; at < keys.length; at += KEY_SIZE) {
        this.#active.add(keys.subarray(at, at + KEY_SIZE) as Uint8Array as Hash, first + at / KEY_SIZE);
      }
    }
  }

  #startRun(): void {
    this.#run = { table: this.#active, order: this.#active.sortedSlots(), below: this.#covered, moved: 0 };
    this.#active = new LeafTable();
  }

  #write(from: TreeSize, ids: readonly Hash[]): void {
    const run = this.#run;
    // Twice as fast as leaves come in: a run is merged before the next is full.
    const upTo = run && Math.min(run.order.length, run.moved + 2 * ids.length + 16);
    this.#database.transaction(() => {
      this.#database.addRecent(from, ids);
      if (run !== undefined && upTo !== undefined) this.#move(run, upTo);
    });
    if (run !== undefined && upTo !== undefined) run.moved = upTo;
    if (run !== undefined && run.moved === run.order.length) this.#run = undefined;
  }

  #move(run: Run, upTo: number): void {
    for (let at = run.moved; at < upTo; at++) {
      const slot = run.order[at] ?? 0;
      this.#database.addLeaf(run.table.keyAt(slot), run.table.indexAt(slot));
    }
    if (upTo === run.order.length) this.#database.dropRecent(run.below);
  }

  /** Makes the index anew where a failure means that it is damaged; whether it did. Throws LogError when it could not. */
  #heal(cause: unknown): boolean {
    if (this.#anew || !this.#file.isDamage(cause)) return false;
    this.#database.close();
    try {
      this.#database = this.#rebuild(cause);
    } catch (error) {
      throw this.#failure('made anew', error);
    }
    this.#anew = true;
    return true;
  }

  #failure(what: string, cause: unknown): LogError {
    const why = cause instanceof Error ? cause.message : 'unknown error';
    const code = isFull(cause) ? 'storage-full' : 'storage-failed';
    return new LogError(code, `the dedupe index could not be ${what}: ${why}`, { path: this.#file.name, cause });
  }

  #rebuild(cause: unknown): LeafDatabase {
    const why = cause instanceof Error ? cause.message : 'unknown error';
    this.#file.remove();
    const database = this.#open();
    const detail = `the dedupe index could not be used (${why}); it is rebuilt from the tiles`;
    this.#events.emit({ type: 'repaired', path: this.#file.name, detail });
    return database;
  }
}
