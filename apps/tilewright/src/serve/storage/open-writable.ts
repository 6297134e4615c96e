import type { NoteSigner } from '@tilewright/core/note';
import { type Log, type LogOptions, openLog } from '@tilewright/log';
import type { LogEvents, Witnesses } from '@tilewright/log/ports';
import type { LogKey } from '@tilewright/signer';
import type { StoragePlace } from '../config/storage-place.ts';
import { backendOf, type LogStores, type Opening } from './backends/backend.ts';
import { nodeClock, nodeEntropy } from './node-world.ts';

/** Which log to open for writing, and how. */
export interface WritableLogOptions {
  readonly place: StoragePlace;
  readonly key: LogKey;
  /** Signs every checkpoint after the key. */
  readonly additionalSigner?: NoteSigner | undefined;
  readonly mode: Opening['mode'];
  readonly persistentDedupe: boolean;
  /** The kind of its entries, where they are not Rekor's. */
  readonly entries?: 'raw' | undefined;
  readonly engine: LogOptions;
  readonly events: LogEvents;
  readonly witnesses?: Witnesses | undefined;
}

/** An open log and the storage that it holds until it is closed. */
export interface WritableLog {
  readonly log: Log;
  readonly store: LogStores;
}

/**
 * Opens the log at a place, recovered and ready to take entries.
 * @throws PosixError, GcpError, LogError; nothing is held then
 */
export async function openWritableLog(options: WritableLogOptions): Promise<WritableLog> {
  const { place, key, mode, events, entries = 'rekor' } = options;
  const world = { clock: nodeClock, entropy: nodeEntropy, events };
  const { origin, logId } = key;
  const backend = await backendOf(place);
  const store = await backend.open({
    identity: { origin, logId, entries },
    mode,
    dedupe: options.persistentDedupe,
    events,
  });
  try {
    const { objects, checkpoints, signedCheckpoints, sequence, dedupe } = store;
    const deps = {
      ...world,
      origin,
      signers: options.additionalSigner === undefined ? [key.signer] : [key.signer, options.additionalSigner],
      verifier: key.verifier,
      objects,
      checkpoints,
      signedCheckpoints,
      sequence,
      dedupe,
      witnesses: options.witnesses,
    };
    return { log: await openLog(deps, options.engine), store };
  } catch (error) {
    await store.close();
    throw error;
  }
}
