import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseTilePath } from '@tilewright/core/tiles';
import type { Ledger } from './ledger.ts';
import { digest } from './observer.ts';

/** Hashes every file below `tile/`: whatever lies there is served by a static web server. Returns how many. */
export async function scanDirectory(directory: string, ledger: Ledger): Promise<number> {
  const names = await readdir(join(directory, 'tile'), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) {
    const path = relative(directory, file);
    try {
      parseTilePath(path);
    } catch {
      ledger.violate(`${path} lies where tiles are served, but is none`);
    }
    ledger.served(path, digest(await readFile(file)));
  }
  return files.length;
}
