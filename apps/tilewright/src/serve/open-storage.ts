import { openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { Log } from '@tilewright/log';
import type { LogEvents } from '@tilewright/log/ports';
import { type EntryLog, type Readiness, type ReadPath, readPathOfStores } from '@tilewright/rekor-server';
import { inspectPosixDirectory, openPosixReader } from '@tilewright/store-posix';
import { CommandError } from '../cli/command-error.ts';
import { engineOptions } from './engine-options.ts';
import { openWritableLog } from './open-writable.ts';
import type { ServeSettings } from './settings.ts';

/** What a server serves, from a log that it writes or one that it only reads. */
export interface OpenedStorage {
  /** Takes entries; absent for a read-only server. */
  readonly log: (EntryLog & Pick<Log, 'failed' | 'close'>) | undefined;
  readonly readPath: ReadPath;
  readonly readiness: Readiness;
}

/** Opens the storage as the settings say. @throws CommandError, PosixError, LogError */
export function openStorage(settings: ServeSettings, events: LogEvents): Promise<OpenedStorage> {
  return settings.values['read-only'] ? openReadOnly(settings) : openForWriting(settings, events);
}

async function openForWriting({ values, key }: ServeSettings, events: LogEvents): Promise<OpenedStorage> {
  const { log, store } = await openWritableLog({
    dir: values['storage-dir'],
    key,
    mode: 'open-or-create',
    persistentDedupe: values['persistent-antispam'],
    engine: engineOptions(values),
    events,
  });
  return { log, readPath: readPathOfStores(store.objects, store.checkpoints), readiness: () => log.status().unready };
}

async function openReadOnly({ values, key }: ServeSettings): Promise<OpenedStorage> {
  const dir = values['storage-dir'];
  // Refuses a directory of a newer program; what stands there besides is told by the checkpoint.
  await inspectPosixDirectory(dir);
  const { objects, checkpoints } = openPosixReader(dir);
  const stored = await checkpoints.read();
  if (stored === undefined)
    throw new CommandError('refused', `there is no log in ${dir}: --read-only serves one that exists`);
  try {
    openCheckpoint(stored.note, key.origin, key.verifier);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new CommandError(
      'refused',
      `the log in ${dir} is not the one of --hostname ${key.origin} and this key: ${cause.message}`,
      { cause },
    );
  }
  return { log: undefined, readPath: readPathOfStores(objects, checkpoints), readiness: () => undefined };
}
