import { asLeafIndex } from '@tilewright/core/bytes';
import type { Batch } from '@tilewright/log/ports';

/** What is sequenced and not yet integrated, in memory: bounded by the engine's pushback. */
export class PendingEntries {
  #batches: Batch[] = [];

  push(first: number, entries: readonly Uint8Array[]): void {
    this.#batches.push({ first: asLeafIndex(first), entries });
  }

  /** Forgets what is below `size`. */
  dropBelow(size: number): void {
    this.#batches = this.#batches.flatMap((batch) => {
      const kept = batch.entries.slice(Math.max(0, size - batch.first));
      if (kept.length === batch.entries.length) return [batch];
      return kept.length === 0 ? [] : [{ first: asLeafIndex(size), entries: kept }];
    });
  }

  /** As many batches from the front as the bounds allow, at least one. */
  take(max: { readonly entries: number; readonly bytes: number }): Batch[] {
    const taken: Batch[] = [];
    let entries = 0;
    let bytes = 0;
    for (const batch of this.#batches) {
      entries += batch.entries.length;
      bytes += batch.entries.reduce((sum, entry) => sum + entry.length, 0);
      if (taken.length > 0 && (entries > max.entries || bytes > max.bytes)) break;
      taken.push(batch);
    }
    return taken;
  }
}
