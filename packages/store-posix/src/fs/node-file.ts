import fs from 'node:fs';
import type { FsFile, FsStat } from './fs.ts';
import { call, toStat } from './node-call.ts';
import type { SyncPurpose } from './sync-purpose.ts';

/** An open descriptor. Callbacks rather than file handles: the write path runs through here for every batch. */
export class NodeFile implements FsFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  pwrite(bytes: Uint8Array, offset: number): Promise<number> {
    return call((done) => fs.write(this.#descriptor, bytes, 0, bytes.length, offset, done));
  }

  async pread(into: Uint8Array, offset: number): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      const at = filled;
      const more = await call<number>((done) =>
        fs.read(this.#descriptor, into, at, into.length - at, offset + at, done),
      );
      if (more === 0) break;
      filled += more;
    }
    return filled;
  }

  fdatasync(_purpose: SyncPurpose): Promise<void> {
    return call((done) => fs.fdatasync(this.#descriptor, done));
  }

  truncate(size: number): Promise<void> {
    return call((done) => fs.ftruncate(this.#descriptor, size, done));
  }

  async stat(): Promise<FsStat> {
    return toStat(await call<fs.BigIntStats>((done) => fs.fstat(this.#descriptor, { bigint: true }, done)));
  }

  async close(): Promise<void> {
    // What must be durable was synced before: closing takes no time, and a thread for it would.
    fs.closeSync(this.#descriptor);
  }
}
