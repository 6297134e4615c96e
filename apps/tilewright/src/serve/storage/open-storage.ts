import { frozenLineOf, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { hasCode, type Log } from '@tilewright/log';
import type { CheckpointStore, LogEvents, Witnesses } from '@tilewright/log/ports';
import { type EntryLog, type RawLog, type Readiness, type ReadPath, readPathOfStores } from '@tilewright/rekor-server';
import type { LogKey } from '@tilewright/signer';
import { inspectPosixDirectory, openPosixReader, PosixError } from '@tilewright/store-posix';
import { CommandError } from '../../cli/command-error.ts';
import type { ServeSettings } from '../config/settings.ts';
import { engineOptions } from './engine-options.ts';
import { nodeClock } from './node-world.ts';
import { openWritableLog } from './open-writable.ts';
import { WaitingLog } from './waiting-log.ts';

/** What a server serves, from a log that it writes or one that it only reads. */
export interface OpenedStorage {
  /** Takes entries; absent for a read-only server. */
  readonly log: (EntryLog & RawLog & Pick<Log, 'failed' | 'close'>) | undefined;
  readonly readPath: ReadPath;
  readonly readiness: Readiness;
}

/** Whom the log tells what happens, and whom it asks for cosignatures. */
export interface LogAttendants {
  readonly events: LogEvents;
  readonly witnesses: Witnesses | undefined;
}

const FULL_RETRY_MS = 2000;

/** Opens the storage as the settings say. @throws CommandError, PosixError, LogError */
export async function openStorage(settings: ServeSettings, attendants: LogAttendants): Promise<OpenedStorage> {
  if (settings.values['read-only'] || (await isEnded(settings))) return openReadOnly(settings);
  try {
    const opened = await openForWriting(settings, attendants);
    if (!(opened.log.status().frozen && (await isEnded(settings)))) return opened;
    // Opening it finished what somebody began who froze it: nothing is left to write.
    await opened.log.close({ timeoutMs: settings.values['tlog-timeout'] });
    return await openReadOnly(settings);
  } catch (error) {
    if (!isFull(error) || (await publishedBy(settings)) === undefined) throw error;
    return waitForRoom(settings, attendants, error);
  }
}

async function openForWriting(
  settings: ServeSettings,
  attendants: LogAttendants,
): Promise<OpenedStorage & { log: Log }> {
  const { values, key, additionalSigner, keepsDuplicates } = settings;
  const { log, store } = await openWritableLog({
    dir: values['storage-dir'],
    key,
    additionalSigner,
    mode: 'open-or-create',
    persistentDedupe: values['persistent-antispam'] && !keepsDuplicates,
    entries: values.personality === 'raw' ? 'raw' : undefined,
    engine: engineOptions(settings),
    ...attendants,
  });
  return { log, readPath: readPathOfStores(store.objects, store.checkpoints), readiness: () => log.status().unready };
}

async function openReadOnly(settings: ServeSettings): Promise<OpenedStorage> {
  const dir = settings.values['storage-dir'];
  // Refuses a directory of a newer program; what stands there besides is told by the checkpoint.
  const { state } = await inspectPosixDirectory(dir);
  requirePersonality(dir, settings.values.personality, state?.identity.entries);
  const readPath = await publishedBy(settings);
  if (readPath === undefined)
    throw new CommandError('refused', `there is no log in ${dir}: --read-only serves one that exists`);
  return { log: undefined, readPath, readiness: () => undefined };
}

function requirePersonality(dir: string, wanted: string, entries: string | undefined): void {
  const found = entries ?? 'rekor';
  if (found === wanted) return;
  throw new CommandError('refused', `the log in ${dir} has --personality ${found}, not ${wanted}`);
}

/** Serves the log that is there, and takes entries as soon as the disk has room for them. */
async function waitForRoom(settings: ServeSettings, attendants: LogAttendants, error: Error): Promise<OpenedStorage> {
  const { events } = attendants;
  const dir = settings.values['storage-dir'];
  const { objects, checkpoints } = openPosixReader(dir);
  const reason = `the disk of ${dir} is full: free some room; writing then starts by itself (${error.message})`;
  const log = new WaitingLog({
    open: async () => {
      const { log: opened } = await openForWriting(settings, attendants);
      events.emit({ type: 'resumed', stage: 'sequence' });
      return opened;
    },
    isFull,
    reason,
    clock: nodeClock,
    retryMs: FULL_RETRY_MS,
  });
  events.emit({ type: 'stalled', stage: 'sequence', detail: reason });
  return { log, readPath: readPathOfStores(objects, checkpoints), readiness: () => log.status().unready };
}

function isFull(error: unknown): error is Error {
  return hasCode(error, 'storage-full') || (error instanceof PosixError && error.code === 'full');
}

/** Whether the published checkpoint says that the log takes nothing more. One of another key is for the opening to refuse. */
async function isEnded({ values, key }: ServeSettings): Promise<boolean> {
  const stored = await openPosixReader(values['storage-dir']).checkpoints.read();
  try {
    return stored !== undefined && frozenLineOf(openCheckpoint(stored.note, key.origin, key.verifier)) !== undefined;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

/** The published log in the directory, for reading; `undefined` where there is none. @throws CommandError unless it is this key's */
async function publishedBy({ values, key }: ServeSettings): Promise<ReadPath | undefined> {
  const dir = values['storage-dir'];
  const { objects, checkpoints } = openPosixReader(dir);
  if (!(await isSignedBy(dir, checkpoints, key))) return undefined;
  return readPathOfStores(objects, checkpoints);
}

async function isSignedBy(dir: string, checkpoints: CheckpointStore, key: LogKey): Promise<boolean> {
  const stored = await checkpoints.read();
  if (stored === undefined) return false;
  try {
    openCheckpoint(stored.note, key.origin, key.verifier);
    return true;
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new CommandError(
      'refused',
      `the log in ${dir} is not the one of --hostname ${key.origin} and this key: ${cause.message}`,
      { cause },
    );
  }
}
