import { unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';
import type { MigrationMark } from '../posix-options.ts';
import { LAYOUT, PRIVATE_FILE } from './layout.ts';

/** The mark of a migration in a directory whose lock is held. */
export function migrationMark(fs: Fs, root: string): MigrationMark {
  const path = `${root}/${LAYOUT.migrating}`;
  return {
    async set() {
      const file = await unlessErrno(fs.open(path, 'create', PRIVATE_FILE), ['EEXIST'], undefined);
      await file?.close();
      await fs.fsyncDir(`${root}/${LAYOUT.state}`, 'migrating-dir');
    },
    async clear() {
      await unlessErrno(fs.unlink(path), ['ENOENT'], undefined);
      // A mark that came back when a server had gone on from here would be nobody's to take away.
      await fs.fsyncDir(`${root}/${LAYOUT.state}`, 'migrated-dir');
    },
  };
}

/** Throws PosixError 'half-log' where a migration began and did not finish: whoever goes on would fork the log. */
export async function refuseHalfMigrated(fs: Fs, root: string): Promise<void> {
  if ((await fs.stat(`${root}/${LAYOUT.migrating}`)) === undefined) return;
  throw new PosixError(
    'half-log',
    `a migration into ${root} has not finished: run 'tilewright log migrate' again with the same source, it goes on from where it stopped`,
    { path: LAYOUT.migrating },
  );
}
