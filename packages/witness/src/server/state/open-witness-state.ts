import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from '../../witness-error.ts';
import { corruptState, openingFailure } from './sqlite-failure.ts';
import { SqliteWitnessState } from './sqlite-witness-state.ts';
import type { WitnessState } from './witness-state.ts';

/** Which state, and of whom. */
export interface WitnessStateOptions {
  /** The file; SQLite keeps its log beside it. */
  readonly path: string;
  /** Name of the witness. A state keeps the name that it was made with. */
  readonly name: string;
  /** Whether a state is made where there is none. Only for keys that have not signed anything yet. */
  readonly create: boolean;
  /** Opens the database; for tests, which make it small. */
  readonly open?: (path: string) => DatabaseSync;
}

/** The only format so far. */
const FORMAT = 1;
const TABLES = `
  CREATE TABLE witness (only INTEGER PRIMARY KEY CHECK (only = 1), format INTEGER NOT NULL, name TEXT NOT NULL) STRICT;
  CREATE TABLE heads (log BLOB PRIMARY KEY, note BLOB NOT NULL, timestamp INTEGER NOT NULL, digest BLOB NOT NULL)
    STRICT, WITHOUT ROWID;
`;

/**
 * Opens the state of a witness for this process alone, until it is closed or the process ends, however it does. All of
 * it is read and checked.
 *
 * @throws WitnessError `state-missing`, `state-unusable`, `state-locked`, `state-corrupt`, `state-newer`,
 *   `state-of-another`
 */
export function openWitnessState(options: WitnessStateOptions): WitnessState {
  const { path, name, create, open = (file: string) => new DatabaseSync(file) } = options;
  ensureFile(path, create);
  let database: DatabaseSync | undefined;
  try {
    database = open(path);
    // Exclusive for good: the kernel gives the lock back when the process dies. Nothing else in this process may open
    // the file meanwhile, because closing any descriptor of it would drop the lock without a word.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (isEmpty && !create) throw missing(path);
    // FULL, because in this mode NORMAL may lose a commit after the cosignature has left (SQLite, "WAL").
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    if (isEmpty) makeTables(database, name);
    check(database, path, name);
    const state = new SqliteWitnessState(database, path);
    state.heads();
    return state;
  } catch (error) {
    database?.close();
    throw openingFailure(error, path);
  }
}

/** A state that lives as long as the process, for tests. */
export function witnessStateInMemory(name: string): WitnessState {
  const database = new DatabaseSync(':memory:');
  makeTables(database, name);
  return new SqliteWitnessState(database, 'memory');
}

function makeTables(database: DatabaseSync, name: string): void {
  database.exec(`BEGIN IMMEDIATE; ${TABLES}`);
  database.prepare('INSERT INTO witness VALUES (1, ?, ?)').run(FORMAT, name);
  database.exec('COMMIT');
}

function check(database: DatabaseSync, path: string, wanted: string): void {
  const found = database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check;
  if (found !== 'ok') throw corruptState(path, String(found).slice(0, 200));
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  const [facts] = tables.some((table) => table.name === 'witness')
    ? database.prepare('SELECT * FROM witness').all()
    : [];
  const { format, name } = facts ?? {};
  if (typeof format !== 'number' || typeof name !== 'string') throw corruptState(path, 'it does not say whose it is');
  if (format > FORMAT) {
    throw new WitnessError(
      'state-newer',
      `${path} has format ${format}, and this program knows formats up to ${FORMAT}: start the newer program`,
    );
  }
  if (format !== FORMAT || !tables.some((table) => table.name === 'heads')) {
    throw corruptState(path, 'its tables are not those of a state');
  }
  if (name !== wanted) {
    throw new WitnessError(
      'state-of-another',
      `${path} is the state of the witness ${JSON.stringify(name.slice(0, 255))}, not of ${JSON.stringify(wanted)}`,
    );
  }
}

/** Makes an empty file that only its owner can read, or refuses what cannot hold a state. */
function ensureFile(path: string, create: boolean): void {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() === true) return;
    if (stat !== undefined) throw new WitnessError('state-unusable', `${path} is not a file`);
    if (!create) throw missing(path);
    closeSync(openSync(path, 'wx', 0o600));
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  } catch (cause) {
    if (cause instanceof WitnessError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'EEXIST') return;
    throw new WitnessError('state-unusable', `${path} cannot be used (${code}): check the directory`, { cause });
  }
}

function missing(path: string): WitnessError {
  return new WitnessError(
    'state-missing',
    `${path} holds no state: a witness that forgot what it signed could sign a second history of a log. ` +
      'Restore the file, or begin again with a new key and a new state',
  );
}
