import { DatabaseSync } from 'node:sqlite';
import { sqliteCodeOf } from './errno.ts';
import type { FsLock } from './fs.ts';

const SQLITE_BUSY = 5;
/** What SQLite's failures to open or lock mean. */
const ERRNOS: Readonly<Record<number, string>> = { 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 14: 'EACCES' };

/**
 * Takes the exclusive lock of an SQLite database: the only lock that Node can take which the kernel gives back when
 * the process dies, however it dies. Nothing else in the process may ever open that file: closing any descriptor of
 * it would drop the lock without a word.
 */
export function lockDatabase(path: string): FsLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // With its journal in memory the lock writes nothing: it is taken on a full disk too, and leaves nothing to roll back.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const code = sqliteCodeOf(error);
    if (code === SQLITE_BUSY) return undefined;
    const errno = code === undefined ? undefined : ERRNOS[code];
    throw errno === undefined
      ? error
      : Object.assign(new Error(`${errno}: lock '${path}'`, { cause: error }), { code: errno, path });
  }
  const held = database;
  return {
    async release() {
      held.close();
    },
  };
}
