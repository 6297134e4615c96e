import { WitnessError } from '../../witness-error.ts';

/** Primary result codes of SQLite. */
const BUSY = 5;
const READONLY = 8;
const FULL = 13;
const CANNOT_OPEN = 14;
/**
 * Those that mean damage where statements and values are right: an error in the file's own schema, a damaged file, a broken
 * constraint, another type, no database.
 */
const DAMAGE: readonly number[] = [1, 11, 19, 20, 26];

/** What a failure of SQLite on an open state means; every other error as it is. */
export function stateFailure(error: unknown, file: string): unknown {
  const code = sqliteCodeOf(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (DAMAGE.includes(code)) return corruptState(file, messageOf(error), cause);
  if (code === FULL) {
    return new WitnessError('state-full', `${file}: there is no room to store a checkpoint; make room`, cause);
  }
  return new WitnessError('state-failed', `${file} cannot be written: ${messageOf(error)}`, cause);
}

/** What a failure of SQLite to open a state means; every other error as it is. */
export function openingFailure(error: unknown, file: string): unknown {
  const code = sqliteCodeOf(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (DAMAGE.includes(code)) return corruptState(file, messageOf(error), cause);
  if (code === BUSY) {
    return new WitnessError('state-locked', `${file} is in use by another process: a witness is one process`, cause);
  }
  const why = code === READONLY ? 'it is read-only' : code === CANNOT_OPEN ? 'it cannot be opened' : messageOf(error);
  return new WitnessError('state-unusable', `${file}: ${why}: check the path and its rights`, cause);
}

/** The error for a state file that cannot be trusted. */
export function corruptState(file: string, what: string, options?: ErrorOptions): WitnessError {
  return new WitnessError(
    'state-corrupt',
    `${file} is damaged, or no state of a witness (${what}); a witness that lost its state has to begin again with a new key`,
    options,
  );
}

/** The primary result code of a failure of SQLite. */
function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // Extended codes keep the primary one in their lowest byte.
  return typeof error.errcode === 'number' ? error.errcode % 256 : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
