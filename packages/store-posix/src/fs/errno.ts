/** The POSIX name of a failure (`ENOENT`), or nothing when it is no failure of the system. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** SQLite's result codes for a damaged file, a full medium, and a file that is no database. */
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** The primary result code of a failure of SQLite, in whose files the lock and the dedupe index are. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // Extended codes keep the primary one in their lowest byte.
  return typeof error.errcode === 'number' ? error.errcode % 256 : undefined;
}

/** Whether there was no room: on the medium, or in the user's share of it. */
export function isFull(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOSPC' || errno === 'EDQUOT' || sqliteCodeOf(error) === SQLITE_FULL;
}

/** Whether SQLite says that the file is damaged, or none of its own. */
export function isSqliteDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Passes a failure on, unless it is one of these. */
export async function unlessErrno<T>(work: Promise<T>, errnos: readonly string[], otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== undefined && errnos.includes(errno)) return otherwise;
    throw error;
  }
}

/** Whether a write found no room. A sync that says so is another matter: what it was to store may be lost already. */
export function isFullWrite(error: unknown): boolean {
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  return isFull(error) && syscall !== 'fdatasync' && syscall !== 'fsync';
}
