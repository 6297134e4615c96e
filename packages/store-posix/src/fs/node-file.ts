import fs from 'node:fs';
import type { FsFile, FsStat } from './fs.ts';
import { atOnce, call, toStat } from './node-call.ts';
import type { SyncPurpose } from './sync-purpose.ts';

/** Up to here a read or write of the page cache takes less time than handing it to another thread, bytes. */
const AT_ONCE_BYTES = 256 * 1024;

/**
 * An open descriptor. Only what waits for the medium goes to another thread: a batch takes a dozen small steps, and each
 * that went there would wait for a turn of a busy event loop on its way back.
 */
export class NodeFile implements FsFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  pwrite(bytes: Uint8Array, offset: number): Promise<number> {
    if (bytes.length > AT_ONCE_BYTES) {
      return call((done) => fs.write(this.#descriptor, bytes, 0, bytes.length, offset, done));
    }
    return atOnce(() => fs.writeSync(this.#descriptor, bytes, 0, bytes.length, offset));
  }

  async pread(into: Uint8Array, offset: number): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      const more = await this.#read(into, filled, offset + filled);
      if (more === 0) break;
      filled += more;
    }
    return filled;
  }

  #read(into: Uint8Array, at: number, position: number): Promise<number> {
    const length = into.length - at;
    if (into.length > AT_ONCE_BYTES) {
      return call((done) => fs.read(this.#descriptor, into, at, length, position, done));
    }
    return atOnce(() => fs.readSync(this.#descriptor, into, at, length, position));
  }

  fdatasync(_purpose: SyncPurpose): Promise<void> {
    return call((done) => fs.fdatasync(this.#descriptor, done));
  }

  truncate(size: number): Promise<void> {
    return atOnce(() => fs.ftruncateSync(this.#descriptor, size));
  }

  stat(): Promise<FsStat> {
    return atOnce(() => toStat(fs.fstatSync(this.#descriptor, { bigint: true })));
  }

  async close(): Promise<void> {
    // What must be durable was synced before: closing takes no time, and a thread for it would.
    fs.closeSync(this.#descriptor);
  }
}
