import type { FsFile, FsStat } from '../fs/fs.ts';
import type { SyncPurpose } from '../fs/sync-purpose.ts';
import { failure } from './simulated-fault.ts';
import { BLOCK_SIZE, type SimulatedFile } from './simulated-inode.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** An open file of one simulated process. It stays usable when its name goes, and dies with the process. */
export class OpenSimulatedFile implements FsFile {
  readonly #process: SimulatedProcess;
  readonly #file: SimulatedFile;
  readonly #path: string;

  constructor(process: SimulatedProcess, file: SimulatedFile, path: string) {
    this.#process = process;
    this.#file = file;
    this.#path = path;
  }

  pwrite(bytes: Uint8Array, offset: number): Promise<number> {
    return this.#process.change({ kind: 'pwrite', path: this.#path, bytes: bytes.length }, (limit) => {
      const taken = bytes.subarray(0, Math.min(limit, bytes.length));
      this.#claim(offset + taken.length);
      this.#file.write(taken, offset);
      return taken.length;
    });
  }

  async pread(into: Uint8Array, offset: number): Promise<number> {
    await this.#process.alive();
    return this.#file.read(into, offset);
  }

  fdatasync(purpose: SyncPurpose): Promise<void> {
    return this.#process.change(
      { kind: 'fdatasync', path: this.#path, purpose },
      () => this.#file.sync(),
      () => this.#file.failSync(),
    );
  }

  truncate(size: number): Promise<void> {
    return this.#process.change({ kind: 'truncate', path: this.#path }, () => {
      this.#claim(size);
      this.#file.truncate(size);
    });
  }

  async stat(): Promise<FsStat> {
    await this.#process.alive();
    return { kind: 'file', size: this.#file.size, inode: String(this.#file.id) };
  }

  async close(): Promise<void> {
    await this.#process.alive();
  }

  #claim(size: number): void {
    const more = Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE - this.#file.allocated;
    const { capacity } = this.#process.disk;
    // Counting what is used looks at every file.
    if (more > 0 && capacity < Number.MAX_SAFE_INTEGER && this.#process.disk.used + more > capacity) {
      throw failure('ENOSPC', 'write', this.#path);
    }
  }
}
