import { LogError } from '@tilewright/log';
import { errnoOf, isFull } from '../fs/errno.ts';
import { PosixError } from '../posix-error.ts';

/** Runs the opening, creation or adoption of `root`; a failure of the system becomes a sentence that says what to do. */
export async function translating<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PosixError || error instanceof LogError) throw error;
    throw translate(root, error);
  }
}

function translate(root: string, cause: unknown): PosixError {
  const errno = errnoOf(cause);
  const why = cause instanceof Error ? cause.message : 'unknown error';
  const detail = { cause, ...pathWithin(root, cause) };
  if (isFull(cause)) {
    return new PosixError('full', `the disk of ${root} is full: free some room, then start again (${why})`, detail);
  }
  if (errno === 'EROFS') {
    return new PosixError(
      'read-only',
      `the disk of ${root} is read-only: mount it for writing, or serve it read-only`,
      detail,
    );
  }
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new PosixError(
      'io',
      `this user may not write in ${root}: start as the user that owns it, on a file system with hard links (${why})`,
      detail,
    );
  }
  return new PosixError('io', `the storage directory ${root} cannot be used: ${why}`, detail);
}

/** What the system says that it failed on, where that is below `root`; of two names, the one that was to be. */
function pathWithin(root: string, cause: unknown): { readonly path?: string } {
  const { dest, path }: { readonly dest?: unknown; readonly path?: unknown } = Object(cause);
  const named = [dest, path].find((name) => typeof name === 'string' && name.startsWith(`${root}/`));
  return typeof named === 'string' ? { path: named.slice(root.length + 1) } : {};
}
