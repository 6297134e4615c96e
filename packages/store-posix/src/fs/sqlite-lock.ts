import { DatabaseSync } from 'node:sqlite';
import type { FsLock } from './fs.ts';

const SQLITE_BUSY = 5;

/**
 * Takes the exclusive lock of an SQLite database: the only lock that Node can take which the kernel gives back when
 * the process dies, however it dies. Nothing else in the process may ever open that file: closing any descriptor of
 * it would drop the lock without a word.
 */
export function lockDatabase(path: string): FsLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  const held = database;
  return {
    async release() {
      held.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === SQLITE_BUSY;
}
