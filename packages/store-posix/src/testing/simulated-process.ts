import type { Fs, FsFile, FsLock, FsOpenMode, FsStat } from '../fs/fs.ts';
import type { SyncPurpose } from '../fs/sync-purpose.ts';
import type { SimulatedDirectory, SimulatedInode } from './simulated-directory.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { type Fault, type FsOperation, failure, type Intercept, ProcessEnded } from './simulated-fault.ts';
import { OpenSimulatedFile } from './simulated-open-file.ts';

const statOf = (inode: SimulatedInode): FsStat => ({
  kind: inode.kind,
  size: inode.kind === 'file' ? inode.size : 0,
  inode: String(inode.id),
});

/** The file system as one simulated process sees it. Every call resolves on the microtask queue: no timer, no thread. */
export class SimulatedProcess implements Fs {
  readonly self: Fs['self'];
  readonly disk: SimulatedDisk;
  readonly #intercept: Intercept | undefined;
  #ended = false;

  constructor(disk: SimulatedDisk, pid: number, intercept: Intercept | undefined) {
    this.disk = disk;
    this.self = { pid, host: 'simulated' };
    this.#intercept = intercept;
  }

  /** The process is killed: its locks are free, its calls reject, the disk keeps everything that it wrote. */
  end(): void {
    this.#ended = true;
    for (const [inode, holder] of this.disk.locks) if (holder === this) this.disk.locks.delete(inode);
  }

  /** Runs one change, or what the fault makes of it. `act` gets the bytes that a short write may take. */
  async change<T>(operation: FsOperation, act: (limit: number) => T, failed?: () => void): Promise<T> {
    await this.alive();
    const fault: Fault | undefined = await this.#intercept?.(operation);
    if (this.#ended) throw new ProcessEnded();
    if (fault?.kind === 'stop-before') return this.#stop();
    if (fault?.kind === 'error' || this.disk.readOnly) {
      failed?.();
      throw failure(fault?.kind === 'error' ? fault.errno : 'EROFS', operation.kind, operation.path);
    }
    const result = act(fault?.kind === 'short' ? fault.bytes : Number.MAX_SAFE_INTEGER);
    if (fault?.kind === 'stop-after') return this.#stop();
    return result;
  }

  /** Throws when the process has ended. */
  async alive(): Promise<void> {
    if (this.#ended) throw new ProcessEnded();
  }

  async open(path: string, mode: FsOpenMode, _permissions?: number): Promise<FsFile> {
    await this.alive();
    if (mode === 'create') {
      return this.change({ kind: 'create', path }, () => {
        const [directory, name] = this.#parent(path);
        if (directory.names.has(name)) throw failure('EEXIST', 'open', path);
        const file = this.disk.newFile();
        directory.set(name, file);
        return new OpenSimulatedFile(this, file, path);
      });
    }
    if (mode === 'write' && this.disk.readOnly) throw failure('EROFS', 'open', path);
    return new OpenSimulatedFile(this, this.disk.file(path), path);
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    await this.alive();
    const inode = this.disk.find(path);
    if (inode === undefined) return undefined;
    if (inode.kind === 'directory') throw failure('EISDIR', 'read', path);
    const bytes = new Uint8Array(inode.size);
    inode.read(bytes, 0);
    return bytes;
  }

  link(from: string, to: string): Promise<void> {
    return this.change({ kind: 'link', path: to }, () => {
      const [directory, name] = this.#parent(to);
      if (directory.names.has(name)) throw failure('EEXIST', 'link', to);
      directory.set(name, this.disk.file(from));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.change({ kind: 'rename', path: to }, () => {
      const [source, oldName] = this.#parent(from);
      const [target, newName] = this.#parent(to);
      const inode = source.names.get(oldName);
      if (inode === undefined) throw failure('ENOENT', 'rename', from);
      const replaced = target.names.get(newName);
      if (replaced === inode) return;
      if (replaced?.kind === 'directory' && replaced.names.size > 0) throw failure('ENOTEMPTY', 'rename', to);
      target.set(newName, inode, source === target ? oldName : undefined);
      if (source !== target) source.remove(oldName);
    });
  }

  unlink(path: string): Promise<void> {
    return this.change({ kind: 'unlink', path }, () => {
      this.disk.file(path);
      const [directory, name] = this.#parent(path);
      directory.remove(name);
    });
  }

  dropName(path: string): Promise<void> {
    return this.unlink(path);
  }

  mkdir(path: string, permissions: number): Promise<boolean> {
    return this.change({ kind: 'mkdir', path }, () => {
      const [directory, name] = this.#parent(path);
      if (directory.names.has(name)) return false;
      directory.set(name, this.disk.newDirectory(permissions));
      return true;
    });
  }

  rmdir(path: string): Promise<void> {
    return this.change({ kind: 'rmdir', path }, () => {
      const inode = this.disk.find(path);
      if (inode?.kind !== 'directory') throw failure('ENOENT', 'rmdir', path);
      if (inode.names.size > 0) throw failure('ENOTEMPTY', 'rmdir', path);
      const [directory, name] = this.#parent(path);
      directory.remove(name);
    });
  }

  fsyncDir(path: string, purpose: SyncPurpose): Promise<void> {
    return this.change({ kind: 'fsync-dir', path, purpose }, () => {
      const inode = this.disk.find(path);
      if (inode?.kind !== 'directory') throw failure('ENOENT', 'fsync', path);
      inode.sync();
    });
  }

  async readdir(path: string): Promise<readonly string[] | undefined> {
    await this.alive();
    const inode = this.disk.find(path);
    if (inode?.kind === 'file') throw failure('ENOTDIR', 'readdir', path);
    return inode && [...inode.names.keys()];
  }

  async stat(path: string): Promise<FsStat | undefined> {
    await this.alive();
    const inode = this.disk.find(path);
    return inode && statOf(inode);
  }

  async freeBytes(_path: string): Promise<number> {
    await this.alive();
    return Math.max(0, this.disk.capacity - this.disk.used);
  }

  async lock(path: string): Promise<FsLock | undefined> {
    const inode = await this.change({ kind: 'lock', path }, () => {
      const [directory, name] = this.#parent(path);
      if (!directory.names.has(name)) directory.set(name, this.disk.newFile());
      return this.disk.file(path).id;
    });
    if (this.disk.locks.has(inode)) return undefined;
    this.disk.locks.set(inode, this);
    return {
      release: async () => {
        if (this.disk.locks.get(inode) === this) this.disk.locks.delete(inode);
      },
    };
  }

  async lockedAmong(paths: readonly string[]): Promise<string | undefined> {
    return paths.find((path) => this.disk.locks.has(this.disk.find(path)?.id ?? 0));
  }

  #stop(): never {
    this.end();
    throw new ProcessEnded();
  }

  #parent(path: string): [SimulatedDirectory, string] {
    const cut = path.lastIndexOf('/');
    const directory = this.disk.find(path.slice(0, Math.max(cut, 0)));
    if (directory?.kind !== 'directory') throw failure('ENOENT', 'open', path);
    return [directory, path.slice(cut + 1)];
  }
}
