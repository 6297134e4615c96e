import type { TreeSize } from '../bytes/tree-numbers.ts';
import type { Tree } from '../merkle/tree.ts';
import { PACKAGE_WIDTH } from './entry-package.ts';
import type { UploadHeader } from './upload-header.ts';

/** What a mirror knows of one log. */
export interface MirroredLog {
  /** Checkpoints of the log that were verified and not yet mirrored, the newest last; of a log that never sent one, none. */
  readonly pending: readonly Tree[];
  /** Size of the checkpoint that the mirror serves. */
  readonly mirrored: TreeSize;
  /** The first entry that is missing. */
  readonly next: TreeSize;
}

/** Whether an upload may go on, before any of its entries is read. */
export type UploadVerdict =
  /** Packages are verified against `tree`. */
  | { readonly status: 'go-on'; readonly tree: Tree }
  | { readonly status: 404 | 422; readonly reason: string }
  /** Answered with where to go on: `pending` and the mirror's next entry. */
  | { readonly status: 409; readonly pending: TreeSize; readonly reason: string };

/** Entries that an upload may send once more: what fills the package that the mirror is in the middle of, and some. */
const MOST_REPEATED = 8 * PACKAGE_WIDTH;

/**
 * Decides from an upload's header whether its entries are to be read (tlog-mirror, "add-entries"). `log` is what the
 * mirror knows of the log of that origin, or nothing.
 */
export function checkUpload({ start, end }: UploadHeader, log: MirroredLog | undefined): UploadVerdict {
  if (log === undefined) return { status: 404, reason: 'no log of this origin is mirrored here' };
  const newest = log.pending.at(-1);
  if (newest === undefined) return { status: 422, reason: 'the log has no pending checkpoint: send one first' };
  const tree = log.pending.find(({ size }) => size === end);
  if (tree === undefined || end < log.mirrored) {
    return { status: 409, pending: newest.size, reason: `${end} is not a pending size` };
  }
  if (start > log.next) {
    return { status: 409, pending: tree.size, reason: `entries ${log.next} to ${start} are missing` };
  }
  if (Math.min(end, log.next) - start > MOST_REPEATED) {
    return { status: 409, pending: tree.size, reason: `entries from ${start} on are here already, up to ${log.next}` };
  }
  return { status: 'go-on', tree };
}

/**
 * The status of an upload whose body has ended: 200 when everything up to `end` is stored, 202 when a part is, 400 when
 * nothing of it could be read.
 */
export function uploadStatus(
  header: UploadHeader,
  stored: { readonly packages: number; readonly next: number },
): 200 | 202 | 400 {
  if (stored.next >= header.end) return 200;
  return stored.packages > 0 ? 202 : 400;
}
