import type { FsOperation } from '@tilewright/store-posix/testing';

type Purpose = NonNullable<FsOperation['purpose']>;

/** Syncs by whose return something is promised. */
const COMMITTING: readonly Purpose[] = ['segment-record', 'tree-advanced', 'floor-raised', 'checkpoint-dir'];

/**
 * Watches that a process whose sync failed makes no more promises. What was on its way at that moment may end: one sync
 * of each kind. The one that failed is not tried again.
 */
export class AfterFailure {
  #failed: FsOperation | undefined;
  readonly #since = new Map<Purpose, number>();

  /** `operation` fails with `errno`. A sync for which there was no room counts where it was to make a promise. */
  fails(operation: FsOperation, errno: string): void {
    const { purpose } = operation;
    if (purpose === undefined || (errno !== 'EIO' && !COMMITTING.includes(purpose))) return;
    this.#failed ??= operation;
  }

  /** What is wrong with `operation` happening now, as a sentence. */
  refuses(operation: FsOperation): string | undefined {
    const failed = this.#failed;
    const { purpose } = operation;
    if (failed === undefined || failed === operation || purpose === undefined || !COMMITTING.includes(purpose))
      return undefined;
    const count = (this.#since.get(purpose) ?? 0) + 1;
    this.#since.set(purpose, count);
    if (count === 1 && purpose !== failed.purpose) return undefined;
    return `after a ${failed.purpose} sync that failed the process goes on with ${purpose}`;
  }
}
