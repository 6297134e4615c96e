import { BrokenRule, Meter } from '@tilewright/fuzz';
import type { Fs, FsFile, FsLock, FsOpenMode, FsStat } from '@tilewright/store-posix';

/** A file of a {@link MemoryFs}. */
export interface MemoryFile {
  bytes: Uint8Array;
  /** How long the file is when zeros follow that nobody keeps in memory; else as long as its bytes. */
  size?: number;
}

/** Files in memory for decoders that read one or a few, metered. */
export class MemoryFs implements Fs {
  readonly self: Fs['self'] = { pid: 1, host: 'metered' };
  readonly files: Map<string, MemoryFile>;
  readonly #meter: Meter;

  constructor(files: Map<string, MemoryFile>, cap: (path: string) => number) {
    this.files = files;
    this.#meter = new Meter(cap);
  }

  /** Throws when some file was asked for more than its cap. */
  check(): void {
    this.#meter.check();
  }

  async open(path: string, mode: FsOpenMode): Promise<FsFile> {
    const present = this.files.get(path);
    if (mode === 'create') {
      if (present !== undefined) throw failure('EEXIST', path);
      const made: MemoryFile = { bytes: new Uint8Array(0) };
      this.files.set(path, made);
      return new OpenMemoryFile(this.#meter, made, path);
    }
    if (present === undefined) throw failure('ENOENT', path);
    return new OpenMemoryFile(this.#meter, present, path);
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    this.#meter.ask(path, sizeOf(file));
    const into = new Uint8Array(sizeOf(file));
    readInto(file, into, 0);
    return into;
  }

  async readdir(path: string): Promise<readonly string[] | undefined> {
    const inside = `${path}/`;
    const below = [...this.files.keys()].filter((name) => name.startsWith(inside));
    return [...new Set(below.map((name) => name.slice(inside.length).split('/')[0] ?? ''))];
  }

  async stat(path: string): Promise<FsStat | undefined> {
    const file = this.files.get(path);
    return file && { kind: 'file', size: sizeOf(file), inode: path };
  }

  async freeBytes(): Promise<number> {
    return Number.MAX_SAFE_INTEGER;
  }

  async lock(): Promise<FsLock | undefined> {
    return undefined;
  }

  async lockedAmong(): Promise<string | undefined> {
    return undefined;
  }

  link = (_from: string, to: string): Promise<never> => refuse(to);
  rename = (_from: string, to: string): Promise<never> => refuse(to);
  unlink = (path: string): Promise<never> => refuse(path);
  dropName = (path: string): Promise<never> => refuse(path);
  mkdir = (path: string): Promise<never> => refuse(path);
  rmdir = (path: string): Promise<never> => refuse(path);
  fsyncDir = (path: string): Promise<never> => refuse(path);
}

class OpenMemoryFile implements FsFile {
  readonly #meter: Meter;
  readonly #file: MemoryFile;
  readonly #path: string;

  constructor(meter: Meter, file: MemoryFile, path: string) {
    this.#meter = meter;
    this.#file = file;
    this.#path = path;
  }

  async pread(into: Uint8Array, offset: number): Promise<number> {
    this.#meter.ask(this.#path, into.length);
    return readInto(this.#file, into, offset);
  }

  async pwrite(bytes: Uint8Array, offset: number): Promise<number> {
    const grown = new Uint8Array(Math.max(this.#file.bytes.length, offset + bytes.length));
    grown.set(this.#file.bytes);
    grown.set(bytes, offset);
    this.#file.bytes = grown;
    return bytes.length;
  }

  async stat(): Promise<FsStat> {
    return { kind: 'file', size: sizeOf(this.#file), inode: this.#path };
  }

  async fdatasync(): Promise<void> {}

  async close(): Promise<void> {}

  truncate(): Promise<never> {
    return refuse(this.#path);
  }
}

function sizeOf({ bytes, size }: MemoryFile): number {
  return Math.max(bytes.length, size ?? 0);
}

function readInto(file: MemoryFile, into: Uint8Array, offset: number): number {
  const length = Math.max(0, Math.min(into.length, sizeOf(file) - offset));
  into.fill(0, 0, length);
  into.set(file.bytes.subarray(Math.min(offset, file.bytes.length), offset + length));
  return length;
}

function failure(errno: string, path: string): Error {
  return Object.assign(new Error(`${errno}: '${path}'`), { code: errno });
}

/** Decoders read. */
async function refuse(path: string): Promise<never> {
  throw new BrokenRule(`a decoder changes ${path}`);
}
