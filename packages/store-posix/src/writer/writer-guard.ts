import { LogError } from '@tilewright/log';
import { LAYOUT } from '../directory/layout.ts';
import type { Fs } from '../fs/fs.ts';
import type { Register } from '../register/register.ts';
import type { FailureLatch } from './failure-latch.ts';

/**
 * Notices that the lock was lost without a word: its file replaced, or another writer at work. Asked before everything
 * that the world or recovery believes.
 */
export class WriterGuard {
  readonly #fs: Fs;
  readonly #lockPath: string;
  readonly #lockInode: string;
  readonly #tree: Register;
  readonly #epoch: number;
  readonly #latch: FailureLatch;

  constructor(
    fs: Fs,
    root: string,
    held: { readonly inode: string; readonly tree: Register; readonly epoch: number },
    latch: FailureLatch,
  ) {
    this.#fs = fs;
    this.#lockPath = `${root}/${LAYOUT.lock}`;
    this.#lockInode = held.inode;
    this.#tree = held.tree;
    this.#epoch = held.epoch;
    this.#latch = latch;
  }

  /** Throws 'locked' when this process may no longer be the only writer; for good. */
  async check(): Promise<void> {
    const [stat, epoch] = await Promise.all([this.#fs.stat(this.#lockPath), this.#tree.storedEpoch()]);
    if (stat?.inode === this.#lockInode && epoch === this.#epoch) return;
    const what = epoch === this.#epoch ? `${LAYOUT.lock} was replaced` : 'another process has opened this log since';
    throw this.#latch.trip(
      new LogError('locked', `this process has lost its lock: ${what}. It writes nothing more; start it again`, {
        path: LAYOUT.lock,
      }),
    );
  }
}
