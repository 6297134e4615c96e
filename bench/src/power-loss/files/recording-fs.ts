import type { Fs, FsFile, FsLock, FsOpenMode, SyncPurpose } from '@tilewright/store-posix';
import { ForwardingFile, ForwardingFs } from '../life/forwarding-fs.ts';
import type { Trace } from './trace.ts';

/** Records every change below the directory `top` on its way to the real file system. */
export class RecordingFs extends ForwardingFs {
  readonly #top: string;
  readonly #trace: Trace;

  constructor(inner: Fs, top: string, trace: Trace) {
    super(inner);
    this.#top = top;
    this.#trace = trace;
  }

  override async open(path: string, mode: FsOpenMode, permissions?: number): Promise<FsFile> {
    const open = (): Promise<FsFile> => this.inner.open(path, mode, permissions);
    const file = this.#trace.newFile();
    if (mode === 'create') {
      const created = await this.#trace.record({ kind: 'create', path: this.#below(path), file }, open);
      return new RecordingFile(this, created, file, this.#trace);
    }
    const opened = await open();
    this.#trace.opened(this.#below(path), file);
    return new RecordingFile(this, opened, file, this.#trace);
  }

  override link(from: string, to: string): Promise<void> {
    const change = { kind: 'link', from: this.#below(from), to: this.#below(to) } as const;
    return this.#trace.record(change, () => this.inner.link(from, to));
  }

  override rename(from: string, to: string): Promise<void> {
    const change = { kind: 'rename', from: this.#below(from), to: this.#below(to) } as const;
    return this.#trace.record(change, () => this.inner.rename(from, to));
  }

  override unlink(path: string): Promise<void> {
    return this.#trace.record({ kind: 'unlink', path: this.#below(path) }, () => this.inner.unlink(path));
  }

  override dropName(path: string): Promise<void> {
    return this.#trace.record({ kind: 'unlink', path: this.#below(path) }, () => this.inner.dropName(path));
  }

  override mkdir(path: string, permissions: number): Promise<boolean> {
    const change = { kind: 'mkdir', path: this.#below(path), permissions } as const;
    return this.#trace.record(
      change,
      () => this.inner.mkdir(path, permissions),
      (made) => made,
    );
  }

  override rmdir(path: string): Promise<void> {
    return this.#trace.record({ kind: 'rmdir', path: this.#below(path) }, () => this.inner.rmdir(path));
  }

  override fsyncDir(path: string, purpose: SyncPurpose): Promise<void> {
    const sync = (): Promise<void> => this.inner.fsyncDir(path, purpose);
    // The directories above were there before, and stay.
    if (!path.startsWith(this.#top)) return sync();
    return this.#trace.record({ kind: 'fsync-dir', path: this.#below(path), purpose }, sync);
  }

  override lock(path: string): Promise<FsLock | undefined> {
    return this.#trace.record({ kind: 'lock', path: this.#below(path) }, () => this.inner.lock(path));
  }

  #below(path: string): string {
    if (!path.startsWith(this.#top)) throw new Error(`${path} is outside the recorded directory`);
    return path.slice(this.#top.length);
  }
}

class RecordingFile extends ForwardingFile {
  readonly #file: number;
  readonly #trace: Trace;

  constructor(fs: RecordingFs, inner: FsFile, file: number, trace: Trace) {
    super(fs, inner);
    this.#file = file;
    this.#trace = trace;
  }

  override async pwrite(bytes: Uint8Array, offset: number): Promise<number> {
    const change = { kind: 'pwrite', file: this.#file, offset, bytes: bytes.slice() } as const;
    return this.#trace.record(change, async () => {
      const taken = await this.inner.pwrite(bytes, offset);
      // Nothing else is known to happen to a small file on a disk with room; a recording of it would be of no use.
      if (taken !== bytes.length) throw new Error('the real disk took a part of a write: is it full?');
      return taken;
    });
  }

  override truncate(size: number): Promise<void> {
    return this.#trace.record({ kind: 'truncate', file: this.#file, size }, () => this.inner.truncate(size));
  }

  override fdatasync(purpose: SyncPurpose): Promise<void> {
    return this.#trace.record({ kind: 'fdatasync', file: this.#file, purpose }, () => this.inner.fdatasync(purpose));
  }
}
