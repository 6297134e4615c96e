import { decodeUtf8, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import type { Clock, Entropy } from '@tilewright/log/ports';
import { isFull, isSqliteDamage, sqliteCodeOf, unlessErrno } from '../fs/errno.ts';
import type { Fs, FsLock } from '../fs/fs.ts';
import { writeFully } from '../fs/write-fully.ts';
import { PosixError } from '../posix-error.ts';
import { isoTime } from './iso-time.ts';
import { LAYOUT, PRIVATE_DIRECTORY, PRIVATE_FILE } from './layout.ts';
import { readSmallFile } from './read-small-file.ts';

const MAX_SIZE = 4096;
/** SQLite's code for what it cannot do: where the statement is right, what is in the file is not. */
const SQLITE_ERROR = 1;
const NO_NAME = 'it left no name';

/** The lock of a log's directory, as held by this process. */
export interface HeldLock {
  readonly lock: FsLock;
  /** Of the lock file, when it was taken: another one there means that the lock is worth nothing. */
  readonly inode: string;
}

/**
 * Takes the log's lock and leaves word of who has it. The word is for people only: a process id means nothing in
 * another container or on another machine, so only the lock itself decides.
 *
 * @throws PosixError 'locked', naming the holder; 'corrupt' when there is something else in the lock's file.
 */
export async function takeLock(
  fs: Fs,
  root: string,
  world: { readonly clock: Pick<Clock, 'wallMs'>; readonly entropy: Pick<Entropy, 'token'> },
): Promise<HeldLock> {
  const lock = await fs.lock(`${root}/${LAYOUT.lock}`).catch((cause: unknown) => {
    throw isSqliteDamage(cause) || sqliteCodeOf(cause) === SQLITE_ERROR ? damagedLock(cause) : cause;
  });
  if (lock === undefined) {
    throw new PosixError(
      'locked',
      `another process holds this log (${await describeOwner(fs, root)}): stop it first; the lock is free as soon as it has ended`,
      { path: LAYOUT.lock },
    );
  }
  try {
    // Copies of a directory may leave out what is empty in it.
    await fs.mkdir(`${root}/${LAYOUT.temp}`, PRIVATE_DIRECTORY);
    await writeOwner(fs, root, world);
    return { lock, inode: (await fs.stat(`${root}/${LAYOUT.lock}`))?.inode ?? '' };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function damagedLock(cause: unknown): PosixError {
  const why = cause instanceof Error ? cause.message : 'unknown error';
  return new PosixError(
    'corrupt',
    `${LAYOUT.lock} cannot be locked (${why}): it is damaged. Nothing is kept in it: when you are sure that no process uses this log, remove that file and start again`,
    { path: LAYOUT.lock, cause },
  );
}

/** Who last took the lock, as a phrase. */
export async function describeOwner(fs: Fs, root: string): Promise<string> {
  const bytes = await readSmallFile(fs, `${root}/${LAYOUT.owner}`, MAX_SIZE);
  try {
    if (bytes === undefined || bytes.length > MAX_SIZE) return NO_NAME;
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    const { pid, host, started } = Object.fromEntries(Object.entries(value ?? {}));
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 0 || !isWord(host) || !isWord(started)) {
      return NO_NAME;
    }
    return `process ${pid} on ${host}, started ${started}`;
  } catch {
    return NO_NAME;
  }
}

/** Whether a message can carry the text: the file may be damaged, and a message may end up on a terminal. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u.test(value);
}

async function writeOwner(
  fs: Fs,
  root: string,
  world: { readonly clock: Pick<Clock, 'wallMs'>; readonly entropy: Pick<Entropy, 'token'> },
): Promise<void> {
  const owner = { ...fs.self, started: isoTime(world.clock.wallMs()) };
  const temp = `${root}/${LAYOUT.temp}/owner-${encodeHex(world.entropy.token())}`;
  try {
    const file = await fs.open(temp, 'create', PRIVATE_FILE);
    await writeFully(file, encodeUtf8(`${JSON.stringify(owner)}\n`), 0);
    await file.close();
    await fs.rename(temp, `${root}/${LAYOUT.owner}`);
  } catch (error) {
    if (!isFull(error)) throw error;
    // On a full disk nobody's name is better than somebody else's.
    for (const path of [temp, `${root}/${LAYOUT.owner}`]) await unlessErrno(fs.unlink(path), ['ENOENT'], undefined);
  }
}
