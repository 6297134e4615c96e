import type { Fs, FsFile, FsOpenMode, SyncPurpose } from '@tilewright/store-posix';
import { ForwardingFile, ForwardingFs } from './forwarding-fs.ts';

/** A planted defect: the syncs of one purpose are only claimed to have been done. */
export class LazyFs extends ForwardingFs {
  readonly #left: SyncPurpose;

  constructor(inner: Fs, left: SyncPurpose) {
    super(inner);
    this.#left = left;
  }

  override async open(path: string, mode: FsOpenMode, permissions?: number): Promise<FsFile> {
    return new LazyFile(this, await this.inner.open(path, mode, permissions), this.#left);
  }

  override async fsyncDir(path: string, purpose: SyncPurpose): Promise<void> {
    if (purpose !== this.#left) await this.inner.fsyncDir(path, purpose);
  }
}

class LazyFile extends ForwardingFile {
  readonly #left: SyncPurpose;

  constructor(fs: LazyFs, inner: FsFile, left: SyncPurpose) {
    super(fs, inner);
    this.#left = left;
  }

  override async fdatasync(purpose: SyncPurpose): Promise<void> {
    if (purpose !== this.#left) await this.inner.fdatasync(purpose);
  }
}
