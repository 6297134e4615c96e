import type { LogVerifier } from '@tilewright/signer';
import { openPosixStore } from '@tilewright/store-posix';
import { type GcpPlace, labelOf, type PosixPlace, type StoragePlace } from '../serve/config/storage-place.ts';
import { nodeClock, nodeEntropy } from '../serve/storage/node-world.ts';
import { storageError } from '../serve/storage/storage-error.ts';
import type { Destination } from './destination.ts';

/** Whose log is copied. */
export interface MigratedLog {
  readonly key: Pick<LogVerifier, 'origin' | 'logId'>;
  readonly entries: 'rekor' | 'raw';
}

/**
 * Opens the store at a place for a log that is to be copied there; it makes one where nothing of one is.
 *
 * @param tell takes a sentence for the operator: what was damaged and repaired
 * @throws CommandError 'refused' for the store of another log, one that somebody uses, or something else
 */
export async function openDestination(
  place: StoragePlace,
  log: MigratedLog,
  tell: (line: string) => void,
): Promise<Destination> {
  try {
    return await (place.kind === 'posix' ? openDirectory(place, log, tell) : openBucket(place, log));
  } catch (error) {
    throw storageError(error);
  }
}

async function openDirectory(
  { dir }: PosixPlace,
  { key: { origin, logId }, entries }: MigratedLog,
  tell: (line: string) => void,
): Promise<Destination> {
  const store = await openPosixStore({
    dir,
    identity: { origin, logId, entries: entries === 'raw' ? 'raw' : undefined },
    clock: nodeClock,
    entropy: nodeEntropy,
    events: { emit: (event) => event.type === 'repaired' && tell(`${event.path}: ${event.detail}`) },
    mode: 'migrate',
    // A server that goes on from here makes its index from the tiles.
    dedupe: false,
  });
  const { objects, checkpoints, sequence, migration } = store;
  return { label: dir, objects, checkpoints, sequence, mark: migration, close: () => store.close() };
}

async function openBucket(place: GcpPlace, { key: { origin, logId }, entries }: MigratedLog): Promise<Destination> {
  const { openGcpStore } = await import('@tilewright/store-gcp');
  const store = await openGcpStore({
    bucket: place.bucket,
    spanner: place.spanner,
    identity: { origin, logId, entries },
    clock: nodeClock,
    entropy: nodeEntropy,
    mode: 'migrate',
    dedupe: false,
  });
  const { objects, checkpoints, sequence, filling } = store;
  return { label: labelOf(place), objects, checkpoints, sequence, mark: filling, close: () => store.close() };
}
