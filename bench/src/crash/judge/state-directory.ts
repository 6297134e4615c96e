import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ledger } from './ledger.ts';

/** Released segments are kept up to 256 MiB, and 512 files take turns as the checkpoint: nothing may pile up beyond. */
const MOST_BYTES = 512 * 2 ** 20;
const MOST_FILES = 620;

/**
 * Looks at the private part of a log that a server has just opened: who says that it has the lock, what earlier ones
 * have left, and how much there is. Returns the bytes on the disk. Only one that started `onFullDisk` may have no name:
 * there was no room for it.
 */
export async function checkState(directory: string, pid: number, ledger: Ledger, onFullDisk = false): Promise<number> {
  const name = await readFile(join(directory, '.state', 'owner.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && onFullDisk) return undefined;
    throw error;
  });
  const owner: { readonly pid?: number } = name === undefined ? { pid } : JSON.parse(name);
  if (owner.pid !== pid) ledger.violate(`process ${pid} runs, but process ${owner.pid} has left its name at the lock`);
  for (const name of await readdir(directory)) {
    if (name.startsWith('.state') && name !== '.state') ledger.violate(`${name} was left behind`);
  }
  for (const name of await readdir(join(directory, '.state', 'tmp'))) {
    ledger.violate(`.state/tmp/${name} was left behind`);
  }
  const files = (await readdir(join(directory, '.state'), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  if (files.length > MOST_FILES) ledger.violate(`the state directory has ${files.length} files`);
  const sizes = await Promise.all(files.map((file) => allocated(join(file.parentPath, file.name))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > MOST_BYTES) ledger.violate(`the state directory takes ${bytes} bytes`);
  return bytes;
}

async function allocated(file: string): Promise<number> {
  try {
    // In units of 512 bytes, whatever the file system's block is.
    return (await lstat(file)).blocks * 512;
  } catch {
    // A server that runs removes what it needs no more.
    return 0;
  }
}
