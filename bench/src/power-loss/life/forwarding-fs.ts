import type { Fs, FsFile, FsLock, FsOpenMode, FsStat, SyncPurpose } from '@tilewright/store-posix';

/** A file system that hands every call on. Layers override what they change; {@link through} sees all calls. */
export class ForwardingFs implements Fs {
  readonly self: Fs['self'];
  protected readonly inner: Fs;

  constructor(inner: Fs) {
    this.inner = inner;
    this.self = inner.self;
  }

  /** Every call passes here, those of open files too. */
  through<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  open(path: string, mode: FsOpenMode, permissions?: number): Promise<FsFile> {
    return this.through(() => this.inner.open(path, mode, permissions));
  }
  readFile(path: string): Promise<Uint8Array | undefined> {
    return this.through(() => this.inner.readFile(path));
  }
  link(from: string, to: string): Promise<void> {
    return this.through(() => this.inner.link(from, to));
  }
  rename(from: string, to: string): Promise<void> {
    return this.through(() => this.inner.rename(from, to));
  }
  unlink(path: string): Promise<void> {
    return this.through(() => this.inner.unlink(path));
  }
  dropName(path: string): Promise<void> {
    return this.through(() => this.inner.dropName(path));
  }
  mkdir(path: string, permissions: number): Promise<boolean> {
    return this.through(() => this.inner.mkdir(path, permissions));
  }
  rmdir(path: string): Promise<void> {
    return this.through(() => this.inner.rmdir(path));
  }
  fsyncDir(path: string, purpose: SyncPurpose): Promise<void> {
    return this.through(() => this.inner.fsyncDir(path, purpose));
  }
  readdir(path: string): Promise<readonly string[] | undefined> {
    return this.through(() => this.inner.readdir(path));
  }
  stat(path: string): Promise<FsStat | undefined> {
    return this.through(() => this.inner.stat(path));
  }
  freeBytes(path: string): Promise<number> {
    return this.through(() => this.inner.freeBytes(path));
  }
  lock(path: string): Promise<FsLock | undefined> {
    return this.through(() => this.inner.lock(path));
  }
  lockedAmong(paths: readonly string[]): Promise<string | undefined> {
    return this.through(() => this.inner.lockedAmong(paths));
  }
}

/** An open file of such a file system. */
export class ForwardingFile implements FsFile {
  protected readonly inner: FsFile;
  readonly #fs: Pick<ForwardingFs, 'through'>;

  constructor(fs: Pick<ForwardingFs, 'through'>, inner: FsFile) {
    this.#fs = fs;
    this.inner = inner;
  }

  pwrite(bytes: Uint8Array, offset: number): Promise<number> {
    return this.#fs.through(() => this.inner.pwrite(bytes, offset));
  }
  pread(into: Uint8Array, offset: number): Promise<number> {
    return this.#fs.through(() => this.inner.pread(into, offset));
  }
  fdatasync(purpose: SyncPurpose): Promise<void> {
    return this.#fs.through(() => this.inner.fdatasync(purpose));
  }
  truncate(size: number): Promise<void> {
    return this.#fs.through(() => this.inner.truncate(size));
  }
  stat(): Promise<FsStat> {
    return this.#fs.through(() => this.inner.stat());
  }
  close(): Promise<void> {
    return this.#fs.through(() => this.inner.close());
  }
}
