import { LogError } from '@tilewright/log';
import { LAYOUT, PRIVATE_FILE } from '../directory/layout.ts';
import { isFull } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { writeZeros } from '../fs/write-fully.ts';
import type { Retention } from '../segment/retention.ts';

const RETRY_AFTER_MS = 2_000;
const MIB = 1024 * 1024;

/**
 * Whether there is room to take entries in. When the medium is full, a file that was kept in reserve is removed, so
 * that what is sequenced already can still be published; nothing new is taken in before it could be made again.
 */
export class Room {
  readonly #fs: Fs;
  readonly #root: string;
  readonly #reserveBytes: number;
  readonly #segmentBytes: number;
  readonly #retention: Pick<Retention, 'clear'>;
  #full = false;
  #restoring: Promise<boolean> | undefined;

  constructor(
    fs: Fs,
    root: string,
    sizes: { readonly reserveBytes: number; readonly segmentBytes: number },
    retention: Pick<Retention, 'clear'>,
  ) {
    const { reserveBytes, segmentBytes } = sizes;
    this.#retention = retention;
    this.#fs = fs;
    this.#root = root;
    this.#reserveBytes = reserveBytes;
    this.#segmentBytes = segmentBytes;
  }

  get #path(): string {
    return `${this.#root}/${LAYOUT.reserve}`;
  }

  /** Throws 'storage-full' while there is no room. Where there was none, looks again: nobody else may be looking. */
  async check(): Promise<void> {
    if (this.#full && !(await this.restore().catch(() => false))) throw this.#error(undefined);
  }

  /** A write found no room: gives the reserve and released segments back to the medium. Returns the error to throw. */
  async ranOut(cause: unknown): Promise<LogError> {
    this.#full = true;
    // Best effort: whatever cannot be removed is simply no help.
    await this.#fs.unlink(this.#path).catch(() => undefined);
    await this.#retention.clear().catch(() => undefined);
    return this.#error(cause);
  }

  /** Makes the reserve again if there is room for it and for a segment; whether entries can be taken in. */
  restore(): Promise<boolean> {
    this.#restoring ??= this.#restore().finally(() => {
      this.#restoring = undefined;
    });
    return this.#restoring;
  }

  async #restore(): Promise<boolean> {
    const present = await this.#fs.stat(this.#path);
    const missing = Math.max(0, this.#reserveBytes - (present?.size ?? 0));
    if (!this.#full && missing === 0) return true;
    if ((await this.#fs.freeBytes(this.#root)) < missing + this.#segmentBytes) {
      this.#full = true;
      return false;
    }
    try {
      await this.#makeReserve(present?.size);
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.ranOut(error);
      return false;
    }
    this.#full = false;
    return true;
  }

  async #makeReserve(size: number | undefined): Promise<void> {
    const file = await this.#fs.open(this.#path, size === undefined ? 'create' : 'write', PRIVATE_FILE);
    try {
      await writeZeros(file, size ?? 0, this.#reserveBytes);
    } finally {
      await file.close();
    }
  }

  #error(cause: unknown): LogError {
    const needed = Math.ceil((this.#reserveBytes + this.#segmentBytes) / MIB);
    return new LogError(
      'storage-full',
      `the disk of the storage directory is full: free at least ${needed} MiB; writing then resumes by itself`,
      { reason: 'storage', retryAfterMs: RETRY_AFTER_MS, cause },
    );
  }
}
