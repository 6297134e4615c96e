import type { SyncPurpose } from './sync-purpose.ts';

/** What is known of a name. `inode` is equal for two names of one file. */
export interface FsStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  readonly inode: string;
}

/** An open file. */
export interface FsFile {
  /** Writes at `offset` and returns how many bytes were taken: possibly fewer than given. */
  pwrite(bytes: Uint8Array, offset: number): Promise<number>;
  /** Fills `into` from `offset` and returns how many bytes there were: fewer only at the end of the file. */
  pread(into: Uint8Array, offset: number): Promise<number>;
  /** Makes the bytes and the length durable. After a failure nothing is known, and nothing may be tried again here. */
  fdatasync(purpose: SyncPurpose): Promise<void>;
  truncate(size: number): Promise<void>;
  stat(): Promise<FsStat>;
  close(): Promise<void>;
}

/** Holds an exclusive lock until it is released, or until the process is gone. */
export interface FsLock {
  release(): Promise<void>;
}

/** How a file is opened: for reading; for reading and writing; as a new file, failing with EEXIST. */
export type FsOpenMode = 'read' | 'write' | 'create';

/**
 * The file system as this driver needs it: what it asks for, and nothing else, so that it can be simulated.
 * Failures carry the POSIX name of the error in `code`. What is not synced may be lost by a power loss, in any order,
 * and names apart from bytes.
 */
export interface Fs {
  /** `permissions` of a new file are exact, whatever the process's mask. */
  open(path: string, mode: FsOpenMode, permissions?: number): Promise<FsFile>;
  /** The whole file, or `undefined` when there is no such name. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Gives a file a second name; EEXIST when the name is taken: the one create-only primitive. */
  link(from: string, to: string): Promise<void>;
  /** Moves a name, replacing the file of that name. */
  rename(from: string, to: string): Promise<void>;
  /** Takes a name away, and with the last name the file: may take as long as the medium likes. */
  unlink(path: string): Promise<void>;
  /** Takes away a name of a file that has another: nothing is freed, so that it costs no more than a rename. */
  dropName(path: string): Promise<void>;
  /** False when the name is taken. `permissions` are exact. */
  mkdir(path: string, permissions: number): Promise<boolean>;
  rmdir(path: string): Promise<void>;
  /** Makes every name in the directory durable. */
  fsyncDir(path: string, purpose: SyncPurpose): Promise<void>;
  /** The names in a directory, or `undefined` when there is none. */
  readdir(path: string): Promise<readonly string[] | undefined>;
  /** `undefined` when there is no such name. */
  stat(path: string): Promise<FsStat | undefined>;
  /** Bytes that this process could still write on the medium that holds `path`. */
  freeBytes(path: string): Promise<number>;
  /** Takes the exclusive lock of a file, which is made if need be; `undefined` when somebody holds it. */
  lock(path: string): Promise<FsLock | undefined>;
  /** Which of the files some process holds a lock on, as far as the system tells; `undefined` when none. */
  lockedAmong(paths: readonly string[]): Promise<string | undefined>;
  /** Who this process is, for whoever finds the lock taken. */
  readonly self: { readonly pid: number; readonly host: string };
}
