import { setTimeout as sleep } from 'node:timers/promises';
import { proveConsistencyFromSource } from '@tilewright/client';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import type { Reading } from '../read/readers.ts';

/** Many times in each interval between two checkpoints. */
const PAUSE_MS = 50;

/**
 * Polls the published checkpoint itself: its signature, that it never goes back, and that each one that is seen continues the
 * one that was seen before, by the tiles alone. Whoever fails to read it has found a broken promise: the bucket never ends.
 */
export async function watchCheckpoint(reading: Reading, over: AbortSignal): Promise<void> {
  const { checkpoints, source, tally, ledger } = reading;
  let before: OpenedCheckpoint | undefined;
  while (!over.aborted) {
    try {
      const now = await checkpoints.published(source);
      tally.count('watcher', 'readings');
      if (now === undefined) return;
      if (before !== undefined && before.size > 0 && before.size < now.size) {
        await proveConsistencyFromSource(source, before, now);
        tally.count('watcher', 'checkpoints proved to continue the one before');
      }
      before = now;
    } catch (error) {
      ledger.violate(`the watcher failed: ${error instanceof Error ? error.message : error}`);
      return;
    }
    await sleep(PAUSE_MS);
  }
}
