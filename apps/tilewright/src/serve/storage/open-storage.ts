import { frozenLineOf, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { hasCode, type Log } from '@tilewright/log';
import type { LogEvents, Witnesses } from '@tilewright/log/ports';
import { type EntryLog, type RawLog, type Readiness, type ReadPath, readPathOfStores } from '@tilewright/rekor-server';
import { PosixError } from '@tilewright/store-posix';
import { CommandError } from '../../cli/command-error.ts';
import type { ServeSettings } from '../config/settings.ts';
import { labelOf } from '../config/storage-place.ts';
import { backendOf, type LogReader } from './backends/backend.ts';
import { engineOptions } from './engine-options.ts';
import { nodeClock } from './node-world.ts';
import { openWritableLog } from './open-writable.ts';
import { StorageTrouble } from './storage-trouble.ts';
import { WaitingLog } from './waiting-log.ts';

/** What a server serves, from a log that it writes or one that it only reads. */
export interface OpenedStorage {
  /** Takes entries; absent for a read-only server. */
  readonly log: (EntryLog & RawLog & Pick<Log, 'failed' | 'close'>) | undefined;
  readonly readPath: ReadPath;
  readonly readiness: Readiness;
  /** Lets go of what the log itself does not close. */
  close(): Promise<void>;
}

/** Whom the log tells what happens, and whom it asks for cosignatures. */
export interface LogAttendants {
  readonly events: LogEvents;
  readonly witnesses: Witnesses | undefined;
}

const FULL_RETRY_MS = 2000;

/** Opens the storage as the settings say. @throws CommandError, PosixError, GcpError, LogError */
export async function openStorage(settings: ServeSettings, attendants: LogAttendants): Promise<OpenedStorage> {
  const reader = await (await backendOf(settings.place)).reader();
  let isServed = false;
  try {
    if (settings.values['read-only'] || (await isEnded(settings, reader))) {
      isServed = true;
      return await openReadOnly(settings, reader);
    }
    const opened = await openForWriting(settings, attendants);
    if (!(opened.log.status().frozen && (await isEnded(settings, reader)))) return opened;
    // Opening it finished what somebody began who froze it: nothing is left to write.
    await opened.log.close({ timeoutMs: settings.values['tlog-timeout'] });
    await opened.close();
    isServed = true;
    return await openReadOnly(settings, reader);
  } catch (error) {
    if (!isFull(error) || !(await isPublishedBy(settings, reader))) throw error;
    isServed = true;
    return waitForRoom(settings, attendants, reader, error);
  } finally {
    if (!isServed) await reader.close();
  }
}

async function openForWriting(
  settings: ServeSettings,
  attendants: LogAttendants,
): Promise<OpenedStorage & { log: Log }> {
  const { values, key, additionalSigner, keepsDuplicates } = settings;
  const events = new StorageTrouble(attendants.events, nodeClock);
  const { log, store } = await openWritableLog({
    place: settings.place,
    key,
    additionalSigner,
    mode: 'open-or-create',
    persistentDedupe: values['persistent-antispam'] && !keepsDuplicates,
    entries: values.personality === 'raw' ? 'raw' : undefined,
    engine: engineOptions(settings),
    events,
    witnesses: attendants.witnesses,
  });
  return {
    log,
    readPath: readPathOfStores(store.objects, store.checkpoints),
    readiness: () => events.explain(log.status().unready),
    close: () => store.close(),
  };
}

async function openReadOnly(settings: ServeSettings, reader: LogReader): Promise<OpenedStorage> {
  const backend = await backendOf(settings.place);
  // Refuses what a newer program wrote; what is there besides is told by the checkpoint.
  requirePersonality(backend.label, settings.values.personality, await backend.entriesOfReader());
  if (!(await isPublishedBy(settings, reader)))
    throw new CommandError('refused', `there is no log in ${backend.label}: --read-only serves one that exists`);
  const { objects, checkpoints } = reader;
  const readPath = readPathOfStores(objects, checkpoints);
  return { log: undefined, readPath, readiness: () => undefined, close: () => reader.close() };
}

function requirePersonality(label: string, wanted: string, found: string | undefined): void {
  if (found === undefined || found === wanted) return;
  throw new CommandError('refused', `the log in ${label} has --personality ${found}, not ${wanted}`);
}

/** Serves the log that is there, and takes entries as soon as the disk has room for them. */
function waitForRoom(
  settings: ServeSettings,
  attendants: LogAttendants,
  reader: LogReader,
  error: Error,
): OpenedStorage {
  const { events } = attendants;
  const { objects, checkpoints } = reader;
  const reason = `the disk of ${settings.values['storage-dir']} is full: free some room; writing then starts by itself (${error.message})`;
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
  const readPath = readPathOfStores(objects, checkpoints);
  return { log, readPath, readiness: () => log.status().unready, close: () => reader.close() };
}

function isFull(error: unknown): error is Error {
  return hasCode(error, 'storage-full') || (error instanceof PosixError && error.code === 'full');
}

/** Whether the published checkpoint says that the log takes nothing more. One of another key is for the opening to refuse. */
async function isEnded({ key }: ServeSettings, { checkpoints }: LogReader): Promise<boolean> {
  const stored = await checkpoints.read();
  try {
    return stored !== undefined && frozenLineOf(openCheckpoint(stored.note, key.origin, key.verifier)) !== undefined;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

/** Whether a log is published there. @throws CommandError unless it is this key's */
async function isPublishedBy({ place, key }: ServeSettings, { checkpoints }: LogReader): Promise<boolean> {
  const stored = await checkpoints.read();
  if (stored === undefined) return false;
  try {
    openCheckpoint(stored.note, key.origin, key.verifier);
    return true;
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new CommandError(
      'refused',
      `the log in ${labelOf(place)} is not the one of --hostname ${key.origin} and this key: ${cause.message}`,
      { cause },
    );
  }
}
