import { SimulatedDirectory, type SimulatedInode } from './simulated-directory.ts';
import { failure, type Intercept } from './simulated-fault.ts';
import { SimulatedFile } from './simulated-inode.ts';
import { SimulatedProcess } from './simulated-process.ts';

/** A small generator of reproducible choices (mulberry32). */
function choices(seed: number): () => number {
  let state = seed % 2 ** 32;
  return () => {
    state = (state + 0x6d2b79f5) % 2 ** 32;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function keeping(seed: number): (inode: number) => boolean {
  if (seed < 2) return () => seed === 1;
  const random = choices(seed);
  return () => random() < 0.5;
}

/**
 * A disk in memory that forgets what was not synced. Programs see the latest of everything; {@link powerLoss} keeps
 * what was synced and, of the rest, any subset: single blocks of files, names without bytes, bytes without names.
 */
export class SimulatedDisk {
  root: SimulatedDirectory = new SimulatedDirectory(1, 0o755);
  /** Bytes that fit on the disk. */
  capacity: number = Number.MAX_SAFE_INTEGER;
  /** Whether every change fails with EROFS. */
  readOnly = false;
  readonly locks: Map<number, SimulatedProcess> = new Map();
  #inodes: SimulatedInode[] = [this.root];
  #processes: SimulatedProcess[] = [];
  #ids = 1;

  /** A process of this machine. `intercept` sees its changes one by one and may make them fail. */
  process(intercept?: Intercept): SimulatedProcess {
    const process = new SimulatedProcess(this, this.#processes.length + 100, intercept);
    this.#processes.push(process);
    return process;
  }

  /**
   * Power fails: every process ends, and of what was not synced some is lost. Seed 0 loses all of it, seed 1 keeps
   * all of it, any other seed decides piece by piece; so does a function, asked for each piece, which is of the
   * file or directory with this id.
   */
  powerLoss(choice: number | ((inode: number) => boolean)): void {
    for (const process of this.#processes) process.end();
    const keep = typeof choice === 'function' ? choice : keeping(choice);
    for (const inode of this.#inodes) inode.loseUnsynced(() => keep(inode.id));
    this.#inodes = this.#reachable();
  }

  /** A disk with the same contents, synced and not, and no process. */
  clone(): SimulatedDisk {
    const disk = new SimulatedDisk();
    const copies = new Map<SimulatedInode, SimulatedInode>();
    const copyOf = (inode: SimulatedInode): SimulatedInode => {
      const known = copies.get(inode);
      if (known !== undefined) return known;
      const copy = inode.kind === 'file' ? inode.clone() : inode.clone(copyOf);
      copies.set(inode, copy);
      return copy;
    };
    disk.#inodes = this.#inodes.map(copyOf);
    const root = copyOf(this.root);
    if (root.kind === 'directory') disk.root = root;
    disk.#ids = this.#ids;
    disk.capacity = this.capacity;
    disk.readOnly = this.readOnly;
    return disk;
  }

  newFile(): SimulatedFile {
    const file = new SimulatedFile(++this.#ids);
    this.#inodes.push(file);
    return file;
  }

  newDirectory(permissions: number): SimulatedDirectory {
    const directory = new SimulatedDirectory(++this.#ids, permissions);
    this.#inodes.push(directory);
    return directory;
  }

  /** Bytes in use by files that have a name. */
  get used(): number {
    const files = this.#reachable().filter((inode) => inode.kind === 'file');
    return files.reduce((sum, file) => sum + file.allocated, 0);
  }

  find(path: string): SimulatedInode | undefined {
    let inode: SimulatedInode | undefined = this.root;
    for (let from = 0; from <= path.length && inode !== undefined; ) {
      const end = path.indexOf('/', from);
      const name = path.slice(from, end < 0 ? path.length : end);
      if (name !== '') inode = inode.kind === 'directory' ? inode.names.get(name) : undefined;
      from = (end < 0 ? path.length : end) + 1;
    }
    return inode;
  }

  /** The file at `path`, for tests that look at it or damage it. */
  file(path: string): SimulatedFile {
    const inode = this.find(path);
    if (inode?.kind !== 'file') throw failure(inode === undefined ? 'ENOENT' : 'EISDIR', 'open', path);
    return inode;
  }

  /** What a power loss would leave of the file at `path` if it kept nothing that was not synced. */
  durableBytes(path: string): Uint8Array | undefined {
    let inode: SimulatedInode | undefined = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      inode = inode?.kind === 'directory' ? inode.durable(name) : undefined;
    }
    return inode?.kind === 'file' ? inode.durableBytes() : undefined;
  }

  /** Whether a directory that has a name has this id. */
  hasDirectory(id: number): boolean {
    return this.#reachable().some((inode) => inode.kind === 'directory' && inode.id === id);
  }

  /** Every file below `path`, in order of name. */
  files(path: string): string[] {
    const inode = this.find(path);
    if (inode?.kind === 'file') return [path];
    return [...(inode?.names.keys() ?? [])].sort().flatMap((name) => this.files(`${path}/${name}`));
  }

  #reachable(): SimulatedInode[] {
    const found = new Set<SimulatedInode>([this.root]);
    for (const inode of found) {
      if (inode.kind === 'directory') for (const child of inode.names.values()) found.add(child);
    }
    return [...found];
  }
}
