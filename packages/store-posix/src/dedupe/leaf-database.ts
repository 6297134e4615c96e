import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { concatBytes, encodeHex, type Hash } from '@tilewright/core/bytes';
import { KEY_SIZE } from './leaf-table.ts';
import { checkRecent, indexDamage, type RecentKeys } from './recent-keys.ts';

/** Version of the tables; another one is rebuilt. */
const SCHEMA = 1;
/** Most memory that SQLite keeps pages in. */
const CACHE_KIB = 6 * 1024;

const TABLES = `
  CREATE TABLE facts (only INTEGER PRIMARY KEY CHECK (only = 1), schema INTEGER, log TEXT, covered INTEGER) STRICT;
  CREATE TABLE leaves (key BLOB PRIMARY KEY, leaf INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE recent (first INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;
`;

/**
 * The tables of the dedupe index. What was added last stands in `recent`, one row a commit, cheap to write; the rest
 * in `leaves`, sorted by key, cheap to search. Every change and the cursor are one transaction.
 */
export class LeafDatabase {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #addRecent: StatementSync;
  readonly #addLeaf: StatementSync;
  readonly #dropRecent: StatementSync;
  readonly #cover: StatementSync;
  readonly covered: number;

  /** Opens or makes the database; throws when it is damaged, or another log's. */
  constructor(path: string, logId: Hash) {
    const database = new DatabaseSync(path);
    try {
      database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        PRAGMA cache_size = -${CACHE_KIB}; PRAGMA temp_store = MEMORY;`);
      this.covered = readFacts(database, logId);
      this.#find = database.prepare('SELECT leaf FROM leaves WHERE key = ?');
      // A damaged index may hold a number that is none of ours: it is told, and not thrown.
      this.#find.setReadBigInts(true);
      this.#addRecent = database.prepare('INSERT INTO recent (first, keys) VALUES (?, ?)');
      this.#addLeaf = database.prepare('INSERT OR IGNORE INTO leaves (key, leaf) VALUES (?, ?)');
      this.#dropRecent = database.prepare('DELETE FROM recent WHERE first < ?');
      this.#cover = database.prepare('UPDATE facts SET covered = ?');
      this.#database = database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** What stands in `recent`, in order. Throws PosixError 'corrupt' when that cannot be all. */
  recent(): Iterable<RecentKeys> {
    const rows = this.#database.prepare('SELECT first, keys FROM recent ORDER BY first').iterate();
    return checkRecent(rows, this.covered);
  }

  /** The index of the leaf in `leaves`. Throws PosixError 'corrupt' when it has one that no leaf can have. */
  find(key: Uint8Array): number | undefined {
    const row = this.#find.get(key);
    if (row === undefined) return undefined;
    const { leaf } = row;
    if (typeof leaf !== 'bigint' || leaf < 0n || leaf > Number.MAX_SAFE_INTEGER)
      throw indexDamage('a leaf has no index');
    return Number(leaf);
  }

  /** Runs `change` as one transaction. */
  transaction(change: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      change();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Within a transaction: adds the leaves from `first` on. */
  addRecent(first: number, ids: readonly Hash[]): void {
    if (ids.length > 0) this.#addRecent.run(first, concatBytes(...ids.map((id) => id.subarray(0, KEY_SIZE))));
    this.#cover.run(first + ids.length);
  }

  /** Within a transaction: moves one leaf to where it stays; an earlier index of the same leaf wins. */
  addLeaf(key: Uint8Array, index: number): void {
    this.#addLeaf.run(key, index);
  }

  /** Within a transaction: everything below `below` has been moved. */
  dropRecent(below: number): void {
    this.#dropRecent.run(below);
  }

  /** Closes it; harmless when it is closed. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function readFacts(database: DatabaseSync, logId: Hash): number {
  const log = encodeHex(logId);
  const made = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'facts'").get() !== undefined;
  if (!made) {
    database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT`);
    database.prepare('INSERT INTO facts VALUES (1, ?, ?, 0)').run(SCHEMA, log);
  }
  const facts = database.prepare('SELECT schema, log, covered FROM facts').get();
  const covered = facts?.covered;
  if (facts?.schema !== SCHEMA || facts.log !== log || typeof covered !== 'number') {
    throw new Error('the dedupe index is of another log or another version');
  }
  if (!Number.isSafeInteger(covered) || covered < 0) throw indexDamage(`it covers ${covered} leaves`);
  return covered;
}
