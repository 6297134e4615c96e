import type { Clock } from '@tilewright/log/ports';
import { LAYOUT, PRIVATE_DIRECTORY, PUBLIC_FILE } from '../directory/layout.ts';
import type { Fs } from '../fs/fs.ts';

/** For how long a file that was the checkpoint is left alone: whoever opened it then has read it by now. */
const REST_MS = 5_000;
/** Most files that take turns; beyond, the one that has rested longest is replaced by a new one. */
const MOST = 512;
/** Names of the files. */
const NUMBER = /^[0-9]{1,15}$/;

interface Resting {
  readonly name: string;
  readonly sinceMs: number;
}

/**
 * Files that take turns as `checkpoint`. Freeing one inode and making another fifty times a second is slow on some
 * file systems; so files of `.state/checkpoints` are used again, but not before every reader is done with them.
 */
export class InodePool {
  readonly #fs: Fs;
  readonly #root: string;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #resting: Resting[] = [];
  #made: number;

  private constructor(fs: Fs, root: string, clock: Pick<Clock, 'monotonicMs'>, made: number) {
    this.#fs = fs;
    this.#root = root;
    this.#clock = clock;
    this.#made = made;
  }

  /** Opens the pool. Whatever is in it may have been the checkpoint a moment ago, and rests. */
  static async open(fs: Fs, root: string, clock: Pick<Clock, 'monotonicMs'>): Promise<InodePool> {
    const directory = `${root}/${LAYOUT.checkpoints}`;
    await fs.mkdir(directory, PRIVATE_DIRECTORY);
    const current = (await fs.stat(`${root}/${LAYOUT.checkpoint}`))?.inode;
    const names = (await fs.readdir(directory)) ?? [];
    const numbers = names.filter((name) => NUMBER.test(name)).map(Number);
    const pool = new InodePool(fs, root, clock, Math.max(-1, ...numbers) + 1);
    for (const name of names) {
      const stat = await fs.stat(`${directory}/${name}`);
      // Whatever that is, nobody here made it.
      if (stat?.kind !== 'file') continue;
      // The name that is the checkpoint must never be written: its second name goes.
      if (stat.inode === current || !NUMBER.test(name)) await fs.unlink(`${directory}/${name}`);
      else pool.rest(name);
    }
    return pool;
  }

  /** Path of `name`. */
  path(name: string): string {
    return `${this.#root}/${LAYOUT.checkpoints}/${name}`;
  }

  /** A file that nobody reads, rested or new. */
  async take(): Promise<string> {
    const [oldest] = this.#resting;
    if (oldest !== undefined && this.#clock.monotonicMs() - oldest.sinceMs >= REST_MS) {
      this.#resting.shift();
      return oldest.name;
    }
    if (oldest !== undefined && this.#resting.length >= MOST) {
      this.#resting.shift();
      await this.#fs.unlink(this.path(oldest.name));
    }
    const name = String(this.#made++);
    const file = await this.#fs.open(this.path(name), 'create', PUBLIC_FILE);
    await file.close();
    return name;
  }

  /** `name` is no longer the checkpoint. */
  rest(name: string): void {
    this.#resting.push({ name, sinceMs: this.#clock.monotonicMs() });
  }
}
