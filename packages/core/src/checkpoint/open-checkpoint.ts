import { CoreError } from '../core-error.ts';
import { KEY_TYPE } from '../note/key-id.ts';
import type { NoteVerifier } from '../note/note-signature.ts';
import { openNote } from '../note/open-note.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';

/** A checkpoint whose log signature was verified, with the signed note it came in. */
export interface OpenedCheckpoint extends Checkpoint {
  readonly note: Uint8Array;
}

/**
 * The checkpoint of the log `origin`, checked against the log's key, or keys: one that signed is enough, and none may
 * have signed wrongly. A key's name may differ from the origin; that is why both are given (tlog-checkpoint,
 * "Signatures").
 *
 * @throws CoreError as `openNote` and `parseCheckpoint`; `mismatch` when the checkpoint is another log's; `unknown-key`
 *   also for a verifier of type 0x04, which is a witness's and no log's.
 */
export function openCheckpoint(
  note: Uint8Array,
  origin: string,
  verifier: NoteVerifier | readonly NoteVerifier[],
): OpenedCheckpoint {
  const verifiers = 'verify' in verifier ? [verifier] : verifier;
  if (verifiers.some(({ type }) => type === KEY_TYPE.cosignatureEd25519)) {
    throw new CoreError('unknown-key', 'a key of type 0x04 makes cosignatures: it cannot be the key of a log');
  }
  const { text } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) {
    throw new CoreError(
      'mismatch',
      `the checkpoint is of ${JSON.stringify(checkpoint.origin)}, not of ${JSON.stringify(origin)}`,
    );
  }
  return { ...checkpoint, note };
}
