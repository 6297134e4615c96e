import { inspectGcpLog, openGcpReader, openGcpStore } from '@tilewright/store-gcp';
import { type GcpPlace, labelOf } from '../../config/storage-place.ts';
import { nodeClock, nodeEntropy } from '../node-world.ts';
import type { Backend } from './backend.ts';

/** A bucket of Google Cloud Storage and a Spanner database. */
export function gcpBackend(place: GcpPlace): Backend {
  const world = { clock: nodeClock, entropy: nodeEntropy };
  return {
    label: labelOf(place),
    open: ({ identity, dedupe, events }) =>
      openGcpStore({
        ...world,
        bucket: place.bucket,
        spanner: place.spanner,
        identity,
        dedupe,
        onRetry: (what, error, attempt) => {
          events.emit({
            type: 'retried',
            what,
            attempt,
            detail: error instanceof Error ? error.message : 'unknown error',
          });
        },
      }),
    reader: () => openGcpReader(place.bucket, world),
    find: async () => {
      const state = await inspectGcpLog(place.spanner, world);
      if (state.kind === 'current' && state.identity !== undefined) return { entries: state.identity.entries };
      return { none: `there is no log in the Spanner database ${place.spanner.database}` };
    },
    // Whoever reads needs no database, and a bucket does not say what its entries are.
    entriesOfReader: async () => undefined,
  };
}
