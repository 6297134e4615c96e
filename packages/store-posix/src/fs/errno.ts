/** The POSIX name of a failure (`ENOENT`), or nothing when it is no failure of the system. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Result codes of SQLite: the lock and the dedupe index are its files. */
const SQLITE_READONLY = 8;
const SQLITE_FULL = 13;

/** Extended result codes keep the primary one in their lowest byte. */
function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode % 256 : undefined;
}

/** Whether there was no room: on the medium, or in the user's share of it. */
export function isFull(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOSPC' || errno === 'EDQUOT' || sqliteCodeOf(error) === SQLITE_FULL;
}

/** Whether the medium does not take writes. */
export function isReadOnly(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'EROFS' || errno === 'EACCES' || errno === 'EPERM' || sqliteCodeOf(error) === SQLITE_READONLY;
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
