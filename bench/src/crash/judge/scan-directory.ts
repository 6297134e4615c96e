import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseTilePath } from '@tilewright/core/tiles';
import { digest } from './digest.ts';
import type { Ledger } from './ledger.ts';

/** Looks at every file below `tile/` while no server runs: whatever lies there is served by a static web server. */
export class DirectoryScan {
  readonly #directory: string;
  readonly #ledger: Ledger;
  /** What the file system said about each file when it was hashed. */
  readonly #hashed = new Map<string, string>();

  constructor(directory: string, ledger: Ledger) {
    this.#directory = directory;
    this.#ledger = ledger;
  }

  /**
   * Hashes every file that is new or was touched since the last time, or with `again` every one, and misses those that
   * may never go. Returns the number of files.
   */
  async run(again = false): Promise<number> {
    const there = new Set<string>();
    for (const file of await filesBelow(join(this.#directory, 'tile'))) {
      const path = relative(this.#directory, file);
      there.add(path);
      const stamp = stampOf(await lstat(file, { bigint: true }));
      if (!again && this.#hashed.get(path) === stamp) continue;
      this.#checkName(path);
      this.#ledger.served(path, digest(await readFile(file)));
      this.#hashed.set(path, stamp);
    }
    for (const path of this.#hashed.keys()) {
      if (there.has(path)) continue;
      this.#hashed.delete(path);
      // A partial may go when the full one is there.
      if (!there.has(path.replace(/\.p\/.*$/, ''))) this.#ledger.violate(`${path} was there, and is gone`);
    }
    return there.size;
  }

  #checkName(path: string): void {
    try {
      parseTilePath(path);
    } catch {
      this.#ledger.violate(`${path} lies where tiles are served, but is none`);
    }
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
