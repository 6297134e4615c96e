import { LAYOUT, PUBLIC_DIRECTORY } from '../directory/layout.ts';
import { errnoOf } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import type { FailureLatch } from '../writer/failure-latch.ts';

/**
 * Knows which directories hold names that are not durable yet. A directory that was there before this process is no
 * better than a new one: whoever made it may have died before its name was synced.
 */
export class DirectoryLedger {
  readonly #fs: Fs;
  readonly #root: string;
  readonly #latch: FailureLatch;
  /** Directories that exist, and whose own name is durable or counted in `#unsynced`. */
  readonly #known = new Map<string, Promise<void>>();
  #unsynced = new Set<string>();

  constructor(fs: Fs, root: string, latch: FailureLatch) {
    this.#fs = fs;
    this.#root = root;
    this.#latch = latch;
  }

  /** Makes `directory` (relative) and whatever leads to it. */
  ensure(directory: string): Promise<void> {
    if (directory === '') return Promise.resolve();
    const known = this.#known.get(directory);
    if (known !== undefined) return known;
    const made = this.#make(directory);
    this.#known.set(directory, made);
    made.catch(() => this.#known.delete(directory));
    return made;
  }

  /** A name in `directory` was added, or found and is now relied upon. */
  gained(directory: string): void {
    this.#unsynced.add(directory);
  }

  /** `directory` is about to go: it needs no sync, and would have to be made again. */
  forget(directory: string): void {
    this.#known.delete(directory);
    this.#unsynced.delete(directory);
  }

  /** Takes what must be synced now. */
  take(): readonly string[] {
    const taken = [...this.#unsynced];
    this.#unsynced = new Set();
    return taken;
  }

  /** Makes the names in `directory` durable. Any failure is fatal, but that the directory was removed meanwhile. */
  async sync(directory: string): Promise<void> {
    await this.#latch.mustSucceed('make object names durable', directory, async () => {
      try {
        await this.#fs.fsyncDir(directory === '' ? this.#root : `${this.#root}/${directory}`, 'object-dir');
      } catch (error) {
        const isGone = directory !== '' && !this.#known.has(directory);
        if (!isGone || errnoOf(error) !== 'ENOENT') throw error;
      }
    });
  }

  async #make(directory: string): Promise<void> {
    const parent = parentOf(directory);
    await this.ensure(parent);
    await this.#fs.mkdir(`${this.#root}/${directory}`, PUBLIC_DIRECTORY);
    this.gained(parent);
  }
}

/** The directory that holds `path`, both relative to the storage directory; its own path is ''. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Whether `path` lies below the directory of tiles. */
export function isBelowTiles(path: string): boolean {
  return path.startsWith(`${LAYOUT.tiles}/`) && !path.split('/').includes('..');
}
