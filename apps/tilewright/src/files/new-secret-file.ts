import { linkSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory, writeSynced } from './synced.ts';

/**
 * Writes a file that only its owner can use (mode 0600), durably, where there is none. An existing file is left as it
 * is; false then. A crash leaves the whole file or none under its name.
 */
export function newSecretFile(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeSynced(temporary, text, 0o600);
    // A link, not a rename: it appears whole, and never in the place of another.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(dirname(path));
  return true;
}
