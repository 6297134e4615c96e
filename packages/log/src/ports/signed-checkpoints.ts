import type { TreeSize } from '@tilewright/core/bytes';

/**
 * Signed checkpoints of trees that are not published yet, kept for good: an immutable object a size, beside the one
 * mutable checkpoint of the log. Clients were answered with them.
 */
export interface SignedCheckpoints {
  /**
   * Keeps `note` as the signed checkpoint of `size` entries, durable on return, unless one of that size is there already.
   * Returns the one that is there, which never changes: `note`, or what was kept first. It is not verified.
   * MUST NOT keep a reference to `note` after it settled.
   */
  keep(size: TreeSize, note: Uint8Array): Promise<Uint8Array>;
}
