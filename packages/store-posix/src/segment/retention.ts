import { unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';

/** For how long released segments are kept. */
export interface RetentionLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

interface Released {
  readonly path: string;
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * Segments that nothing needs any more, kept for a while: they hold the only other copy of the newest entries, should
 * a tile turn out not to be on the medium after all.
 */
export class Retention {
  readonly #fs: Fs;
  readonly #root: string;
  readonly #limits: RetentionLimits;
  #released: Released[] = [];

  constructor(fs: Fs, root: string, limits: RetentionLimits) {
    this.#fs = fs;
    this.#root = root;
    this.#limits = limits;
  }

  /** A segment, oldest first, that nothing needs from `nowMs` (monotonic) on. */
  add(path: string, bytes: number, nowMs: number): void {
    this.#released.push({ path, bytes, atMs: nowMs });
  }

  /** Removes everything: the medium is full, and what might be of use later must make room for what is needed now. */
  async clear(): Promise<void> {
    for (const { path } of this.#released.splice(0)) {
      await unlessErrno(this.#fs.unlink(`${this.#root}/${path}`), ['ENOENT'], undefined);
    }
  }

  /** Removes what is too old or too much, oldest first. A failed removal is tried again with the next. */
  async prune(nowMs: number): Promise<void> {
    let bytes = this.#released.reduce((sum, segment) => sum + segment.bytes, 0);
    for (let [oldest] = this.#released; oldest !== undefined; [oldest] = this.#released) {
      if (bytes <= this.#limits.maxBytes && nowMs - oldest.atMs <= this.#limits.maxAgeMs) return;
      await unlessErrno(this.#fs.unlink(`${this.#root}/${oldest.path}`), ['ENOENT'], undefined);
      bytes -= oldest.bytes;
      this.#released = this.#released.slice(1);
    }
  }
}
