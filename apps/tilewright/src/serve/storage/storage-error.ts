import { LogError, type LogErrorCode } from '@tilewright/log';
import { GcpError } from '@tilewright/store-gcp/place';
import { PosixError, type PosixErrorCode } from '@tilewright/store-posix';
import { CommandError } from '../../cli/command-error.ts';

/** Found damage is a failure; everything else that keeps a log from being opened is a refusal that changed nothing. */
const DAMAGE: ReadonlySet<PosixErrorCode | LogErrorCode> = new Set([
  'corrupt',
  'fork',
  'object-conflict',
  'proof-failed',
  'storage-failed',
]);

/** What a failure while a log is opened, made or adopted means for a command; unknown ones are thrown on. */
export function storageError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof GcpError) {
    return new CommandError(error.code === 'half-log' ? 'failed' : 'refused', error.message, { cause: error });
  }
  if (!(error instanceof PosixError || error instanceof LogError)) throw error;
  const { code, message, path, offset } = error;
  const place = offset === undefined ? path : `${path} at byte ${offset}`;
  const shown = path === undefined || message.includes(path) ? message : `${message} (${place})`;
  return new CommandError(DAMAGE.has(code) ? 'failed' : 'refused', shown, { cause: error });
}
