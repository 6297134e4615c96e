import type { SyncPurpose } from '../fs/sync-purpose.ts';

/** One change that a program asks of the simulated disk. */
export interface FsOperation {
  readonly kind:
    | 'create'
    | 'pwrite'
    | 'truncate'
    | 'fdatasync'
    | 'link'
    | 'rename'
    | 'unlink'
    | 'mkdir'
    | 'rmdir'
    | 'fsync-dir'
    | 'lock';
  readonly path: string;
  /** Why, of a sync. */
  readonly purpose?: SyncPurpose;
  /** How much, of a write. */
  readonly bytes?: number;
}

/** What becomes of an operation other than success. */
export type Fault =
  /** It fails with this POSIX error and changes nothing; a failed sync forgets what it was to write. */
  | { readonly kind: 'error'; readonly errno: string }
  /** A write takes only so many bytes. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** The process ends before the operation; nothing of it happens. */
  | { readonly kind: 'stop-before' }
  /** The operation happens, and the process ends before it learns so. */
  | { readonly kind: 'stop-after' };

/** Asked before each change; the promise also lets a scheduler decide when the operation runs. */
export type Intercept = (operation: FsOperation) => Fault | undefined | Promise<Fault | undefined>;

/** What every call of a process that has ended rejects with. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';

  constructor() {
    super('the simulated process has ended');
  }
}

/** A failure as node:fs would throw it. */
export function failure(errno: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${errno}: ${syscall} '${path}'`), { code: errno, syscall, path });
}
