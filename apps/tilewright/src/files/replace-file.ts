import { chownSync, linkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory, writeSynced } from './synced.ts';
import { temporaryName, writeError } from './write-new.ts';

/**
 * Puts a file in the place of another at once, with its owner and permissions; readers see the one or the other, whole.
 * @param backup where the old one stays; it must not exist
 * @throws CommandError `refused` when the backup exists; `failed`
 */
export function replaceFile(path: string, content: Uint8Array, backup?: string): void {
  const real = realpathSync(path);
  const temporary = temporaryName(real);
  try {
    const { mode, uid, gid } = statSync(real);
    writeSynced(temporary, content, mode % 0o1000);
    chownSync(temporary, uid, gid);
    if (backup !== undefined) linkSync(real, backup);
    renameSync(temporary, real);
    syncDirectory(dirname(real));
  } catch (error) {
    throw writeError(error);
  } finally {
    rmSync(temporary, { force: true });
  }
}
