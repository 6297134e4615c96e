import type { Leaves } from '@tilewright/core/builder';
import { concatBytes } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import type { Batch } from '../ports/index.ts';

/** The leaves of stored batches, as recovery and other replicas' entries arrive. */
export function leavesOf(batches: readonly Batch[]): Leaves {
  const entries = batches.flatMap((batch) => batch.entries);
  return { entries, leafHashes: concatBytes(...entries.map((entry) => leafHash(entry))) };
}
