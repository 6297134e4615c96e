import { generateKeyPairSync } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { DEFAULT_LOG_OPTIONS, type Log, type LogOptions, type NewEntry, openLog } from '@tilewright/log';
import type { CheckpointStore, Clock, DedupeIndex, ObjectStore, SequenceStore } from '@tilewright/log/ports';
import { realEntropy, recordEvents } from '@tilewright/log/testing';
import { loadSignerFile } from '@tilewright/signer';
import type { LogIdentity } from '@tilewright/store-gcp';

const ORIGIN = 'log.example/counted';
const KEY = loadSignerFile(
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  ORIGIN,
);

/** Who the log is, for tables that belong to one. */
export const IDENTITY: LogIdentity = { origin: ORIGIN, logId: KEY.logId, entries: 'rekor' };

/** What `tilewright serve --storage gcp` sets where calls go over a network. */
export const REMOTE: LogOptions = {
  ...DEFAULT_LOG_OPTIONS,
  appendsInFlight: 2,
  collectIntervalMs: 30_000,
  dedupe: { ...DEFAULT_LOG_OPTIONS.dedupe, intervalMs: 1000 },
};

/** The ports of one replica. */
export interface Ports {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex | undefined;
}

/** Opens one replica of the log. Every log here has the same key. */
export function openCountedLog(ports: Ports, clock: Clock): Promise<Log> {
  const { objects, checkpoints, sequence, dedupe } = ports;
  return openLog(
    {
      origin: ORIGIN,
      signers: [KEY.signer],
      verifier: KEY.verifier,
      objects,
      checkpoints,
      sequence,
      dedupe,
      clock,
      entropy: realEntropy(),
      events: recordEvents(),
    },
    REMOTE,
  );
}

/** Entry number `i`. */
export function entry(i: number): NewEntry {
  const data = encodeUtf8(`entry ${i}`);
  return { data, leafHash: leafHash(data) };
}
