import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { LAYOUT } from '../directory/layout.ts';
import { sqliteCodeOf } from '../fs/errno.ts';
import { PosixError } from '../posix-error.ts';

/**
 * SQLite's results that mean damage where statements and values are right: an error in the file's own schema, a file that
 * must not be written or was taken away, a damaged one, a broken constraint, another type, no database.
 */
const DAMAGE: readonly number[] = [1, 8, 11, 19, 20, 26];
const CHUNK = 1024 * 1024;
/** More than an index has without any leaf, and more than it takes for each, bytes. */
const MOST_EMPTY = 64 * 1024 * 1024;
const MOST_A_LEAF = 1024;
/** More than a seal has, bytes. */
const SEAL_SIZE = 128;

/** The files of the dedupe index. They are outside the simulated file system: whatever happens to them can be rebuilt. */
export interface DedupeFile {
  /** For SQLite. */
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** Throws when the file is not what {@link seal} saw. Breaks the seal. */
  checkSeal(): void;
  /** Throws when the file is longer than an index of so many leaves can be: closing it would read all of it. */
  checkSize(covered: number): void;
  /** Remembers length and digest of the closed file: SQLite itself does not notice a flipped bit. */
  seal(): void;
  remove(): void;
  /** Whether a failure means that the file is damaged. */
  isDamage(error: unknown): boolean;
}

/** The dedupe index of the log in `root`. */
export function dedupeFile(root: string): DedupeFile {
  const path = `${root}/${LAYOUT.dedupe}`;
  const sealPath = `${path}.sha256`;
  return {
    path,
    name: LAYOUT.dedupe,
    checkSeal() {
      if (!fs.existsSync(sealPath)) return;
      const [size, digest] = readSeal(sealPath);
      fs.unlinkSync(sealPath);
      // The length first: what grew without end is not read to its end.
      const same = sizeOf(path) === size && digestOf(path) === digest;
      if (!same) throw new Error('it changed after it was closed');
    },
    checkSize(covered) {
      const size = Number(sizeOf(path) ?? 0);
      if (size > MOST_EMPTY + covered * MOST_A_LEAF) throw new Error(`it has ${size} bytes for ${covered} leaves`);
    },
    seal() {
      if (fs.existsSync(path)) fs.writeFileSync(sealPath, `${sizeOf(path)} ${digestOf(path)}`, { mode: 0o600 });
    },
    remove() {
      for (const suffix of ['', '-wal', '-shm', '-journal', '.sha256']) fs.rmSync(`${path}${suffix}`, { force: true });
    },
    isDamage,
  };
}

/** An index in memory, for simulated file systems. */
export function dedupeInMemory(): DedupeFile {
  const nothing = (): void => {};
  return {
    path: ':memory:',
    name: LAYOUT.dedupe,
    checkSeal: nothing,
    checkSize: nothing,
    seal: nothing,
    remove: nothing,
    isDamage,
  };
}

function isDamage(error: unknown): boolean {
  return error instanceof PosixError ? error.code === 'corrupt' : DAMAGE.includes(sqliteCodeOf(error) ?? 0);
}

/** Length and digest of the database, as text; whatever else is there is neither. */
function readSeal(path: string): readonly (string | undefined)[] {
  const bytes = Buffer.alloc(SEAL_SIZE);
  const descriptor = fs.openSync(path, 'r');
  try {
    return bytes.toString('latin1', 0, fs.readSync(descriptor, bytes)).split(' ');
  } finally {
    fs.closeSync(descriptor);
  }
}

function sizeOf(path: string): string | undefined {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size;
  return size === undefined ? undefined : String(size);
}

function digestOf(path: string): string {
  const digest = createHash('sha256');
  const descriptor = fs.openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let read = fs.readSync(descriptor, chunk); read > 0; read = fs.readSync(descriptor, chunk)) {
      digest.update(chunk.subarray(0, read));
    }
  } finally {
    fs.closeSync(descriptor);
  }
  return digest.digest('hex');
}
