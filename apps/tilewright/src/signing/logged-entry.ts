import type { LogEntry, SubmitResult } from '@tilewright/client';
import { CommandError } from '../cli/command-error.ts';

/** The entry of an answer, new or found; an answer without one is a failure. */
export function loggedEntry(result: SubmitResult): LogEntry {
  switch (result.kind) {
    case 'created':
      return result.entry;
    case 'exists':
      if (result.entry !== undefined) return result.entry;
      throw new CommandError(
        'failed',
        `this signature is in the log already, at index ${result.index ?? 'unknown'}, but the log did not send the entry, so there is no proof for a bundle`,
      );
    case 'busy':
      throw new CommandError('failed', `the log is busy: ${result.message}; try again later`);
    case 'frozen':
      throw new CommandError('failed', 'the log is frozen and takes nothing more; submit to its successor');
    case 'refused':
      throw new CommandError(
        'failed',
        `the log refused the entry (${result.status.protocol} ${result.status.code}): ${result.message}`,
      );
    case 'failed':
      throw new CommandError(
        'failed',
        `the log failed (${result.status.protocol} ${result.status.code}): ${result.message}; the entry may be in the log, submitting it again is safe`,
      );
  }
}
