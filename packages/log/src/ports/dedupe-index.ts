import type { Hash, LeafIndex, TreeSize } from '@tilewright/core/bytes';

/** From an entry's identity, its RFC 6962 leaf hash, to the earliest index that holds it. Rebuildable from the hash tiles. */
export interface DedupeIndex {
  /** Every index below it is findable. */
  covered(): Promise<TreeSize>;
  /** One answer an id, in order. A miss is absent below `covered()`; an error throws, it is never a miss. */
  find(ids: readonly Hash[]): Promise<readonly (LeafIndex | undefined)[]>;
  /** Inserts what is absent and moves the cursor, in one commit; false when the cursor was not `from`. */
  add(from: TreeSize, ids: readonly Hash[]): Promise<boolean>;
  /** Forgets everything: `covered()` is 0 afterwards. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
