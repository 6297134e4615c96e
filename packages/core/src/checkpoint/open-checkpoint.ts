import { CoreError } from '../core-error.ts';
import type { NoteVerifier } from '../note/note-signature.ts';
import { openNote } from '../note/signed-note.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';

/** A checkpoint whose log signature was verified, with the signed note it came in. */
export interface OpenedCheckpoint extends Checkpoint {
  readonly note: Uint8Array;
}

/**
 * The checkpoint of the log `origin`, checked against the log's key. The key's name may differ from the origin; that is
 * why both are given (tlog-checkpoint, "Signatures").
 *
 * @throws CoreError as `openNote` and `parseCheckpoint`; `mismatch` when the checkpoint is another log's.
 */
export function openCheckpoint(note: Uint8Array, origin: string, verifier: NoteVerifier): OpenedCheckpoint {
  const { text } = openNote(note, [verifier]);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) {
    throw new CoreError(
      'mismatch',
      `the checkpoint is of ${JSON.stringify(checkpoint.origin)}, not of ${JSON.stringify(origin)}`,
    );
  }
  return { ...checkpoint, note };
}
