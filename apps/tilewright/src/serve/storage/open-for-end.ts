import type { KeyedNoteSigner } from '@tilewright/core/note';
import { DEFAULT_LOG_OPTIONS } from '@tilewright/log';
import type { LogEvents, Witnesses } from '@tilewright/log/ports';
import type { LogKey } from '@tilewright/signer';
import { CommandError } from '../../cli/command-error.ts';
import type { StoragePlace } from '../config/storage-place.ts';
import { backendOf } from './backends/backend.ts';
import { openWritableLog, type WritableLog } from './open-writable.ts';

/** The log that is to be frozen, and who signs and cosigns its last checkpoint. */
export interface EndingLog {
  readonly place: StoragePlace;
  readonly key: LogKey;
  readonly additionalSigner: KeyedNoteSigner | undefined;
  readonly witnesses: Witnesses | undefined;
  readonly events: LogEvents;
}

/**
 * Opens a log that exists, of whatever personality, to freeze it: the one place of `log freeze` that knows storage.
 * @throws CommandError, PosixError, GcpError, LogError; nothing is held then
 */
export async function openForEnd({ place, ...rest }: EndingLog): Promise<WritableLog> {
  const found = await (await backendOf(place)).find();
  if ('none' in found) throw new CommandError('refused', found.none);
  return openWritableLog({
    ...rest,
    place,
    entries: found.entries === 'raw' ? 'raw' : undefined,
    mode: 'open',
    // What is sequenced is indexed already, or never looked for again.
    persistentDedupe: false,
    engine: DEFAULT_LOG_OPTIONS,
  });
}
