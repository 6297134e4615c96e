import { ServerError } from '@tilewright/rekor-server';
import { CommandError } from '../cli/command-error.ts';
import { storageError } from './storage/storage-error.ts';

/** What a failure while a server starts means for the command; unknown ones are thrown on. */
export function startError(error: unknown): CommandError {
  if (!(error instanceof ServerError)) return storageError(error);
  return new CommandError(error.code === 'worker-failed' ? 'failed' : 'refused', error.message, { cause: error });
}
