import fs from 'node:fs';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { unlessErrno } from './errno.ts';
import type { Fs, FsFile, FsLock, FsOpenMode, FsStat } from './fs.ts';
import { isLockedInKernel } from './kernel-locks.ts';
import { atOnce, call, toStat } from './node-call.ts';
import { NodeFile } from './node-file.ts';
import { lockDatabase } from './sqlite-lock.ts';
import type { SyncPurpose } from './sync-purpose.ts';

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;
const FLAGS: Readonly<Record<FsOpenMode, number>> = {
  read: O_RDONLY,
  write: O_RDWR,
  create: O_RDWR | O_CREAT | O_EXCL,
};
const PERMISSION_BITS = 0o777;

/** The machine's file system, through node:fs. */
export function nodeFs(): Fs {
  return new NodeFs();
}

class NodeFs implements Fs {
  readonly self: Fs['self'] = { pid, host: hostname() };
  /** Whether the process's mask takes permissions away; known after the first file or directory that shows it. */
  #masked = false;

  open(path: string, mode: FsOpenMode, permissions = 0o600): Promise<FsFile> {
    return atOnce(() => {
      const descriptor = fs.openSync(path, FLAGS[mode], permissions);
      if (mode === 'create' && this.#mustRepair(() => fs.fstatSync(descriptor).mode, permissions)) {
        fs.fchmodSync(descriptor, permissions);
      }
      return new NodeFile(descriptor);
    });
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    const read = call<Uint8Array | undefined>((done) => fs.readFile(path, done));
    return unlessErrno(read, ['ENOENT', 'ENOTDIR'], undefined);
  }

  link(from: string, to: string): Promise<void> {
    return atOnce(() => fs.linkSync(from, to));
  }

  rename(from: string, to: string): Promise<void> {
    return atOnce(() => fs.renameSync(from, to));
  }

  unlink(path: string): Promise<void> {
    return call((done) => fs.unlink(path, done));
  }

  dropName(path: string): Promise<void> {
    return atOnce(() => fs.unlinkSync(path));
  }

  async mkdir(path: string, permissions: number): Promise<boolean> {
    const made = atOnce(() => fs.mkdirSync(path, permissions)).then(() => true);
    const isNew = await unlessErrno(made, ['EEXIST'], false);
    if (isNew && this.#mustRepair(() => fs.statSync(path).mode, permissions)) fs.chmodSync(path, permissions);
    return isNew;
  }

  rmdir(path: string): Promise<void> {
    return atOnce(() => fs.rmdirSync(path));
  }

  async fsyncDir(path: string, _purpose: SyncPurpose): Promise<void> {
    const descriptor = fs.openSync(path, O_RDONLY);
    try {
      await call((done) => fs.fsync(descriptor, done));
    } finally {
      fs.closeSync(descriptor);
    }
  }

  async readdir(path: string): Promise<readonly string[] | undefined> {
    const read = call<string[] | undefined>((done) => fs.readdir(path, done));
    return unlessErrno(read, ['ENOENT'], undefined);
  }

  async stat(path: string): Promise<FsStat | undefined> {
    const stats = atOnce<fs.BigIntStats | undefined>(() => fs.statSync(path, { bigint: true }));
    const found = await unlessErrno(stats, ['ENOENT', 'ENOTDIR'], undefined);
    return found && toStat(found);
  }

  async freeBytes(path: string): Promise<number> {
    const { bavail, bsize } = await call<fs.StatsFs>((done) => fs.statfs(path, done));
    return bavail * bsize;
  }

  async lock(path: string): Promise<FsLock | undefined> {
    return lockDatabase(path);
  }

  async lockedAmong(paths: readonly string[]): Promise<string | undefined> {
    return paths.find((path) => isLockedInKernel(path));
  }

  /** A mask is a fact of the process: once seen it holds for every new name, and until then it costs one look each. */
  #mustRepair(modeOf: () => number, permissions: number): boolean {
    this.#masked ||= modeOf() % (PERMISSION_BITS + 1) !== permissions;
    return this.#masked;
  }
}
