import type { KeyedNoteSigner } from '@tilewright/core/note';
import { DEFAULT_LOG_OPTIONS, type Log } from '@tilewright/log';
import type { LogEvents, Witnesses } from '@tilewright/log/ports';
import type { LogKey } from '@tilewright/signer';
import { inspectPosixDirectory } from '@tilewright/store-posix';
import { CommandError } from '../../cli/command-error.ts';
import { openWritableLog } from './open-writable.ts';

/** The log that is to be frozen, and who signs and cosigns its last checkpoint. */
export interface EndingLog {
  readonly dir: string;
  readonly key: LogKey;
  readonly additionalSigner: KeyedNoteSigner | undefined;
  readonly witnesses: Witnesses | undefined;
  readonly events: LogEvents;
}

/**
 * Opens a log that exists, of whatever personality, to freeze it: the one place of `log freeze` that knows storage.
 * @throws CommandError, PosixError, LogError; nothing is held then
 */
export async function openForEnd({ dir, ...rest }: EndingLog): Promise<Log> {
  const { kind, state } = await inspectPosixDirectory(dir);
  if (state === undefined) {
    const found = kind === 'foreign' ? 'the log of another program: adopt it first (tilewright log adopt)' : 'no log';
    throw new CommandError('refused', `there is ${found} in ${dir}`);
  }
  const entries = state.identity.entries === 'raw' ? 'raw' : undefined;
  const { log } = await openWritableLog({
    ...rest,
    place: { kind: 'posix', dir },
    entries,
    mode: 'open',
    // What is sequenced is indexed already, or never looked for again.
    persistentDedupe: false,
    engine: DEFAULT_LOG_OPTIONS,
  });
  return log;
}
