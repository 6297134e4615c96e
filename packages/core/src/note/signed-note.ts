import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import type { NoteSignature } from './note-signature.ts';
import { checkNoteBytes } from './note-text.ts';
import { parseLines } from './signature-line.ts';

/** A note split into its parts. Nothing in it is trusted. */
export interface SignedNote {
  /** The signed bytes, with their last newline and without the empty line that follows. */
  readonly text: Uint8Array;
  /** At least one, in the order of the note. */
  readonly signatures: readonly NoteSignature[];
}

/**
 * Splits a note at its last empty line, without checking a signature (signed-note, "Format"). Limits: 1 MiB, 100
 * signatures. What it is given comes back byte by byte from {@link formatNote}.
 *
 * @throws CoreError `malformed`; the message names the line.
 */
export function parseNote(bytes: Uint8Array): SignedNote {
  const note = checkNoteBytes(bytes);
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw new CoreError('malformed', 'a note has an empty line between its text and its signatures');
  const text = note.slice(0, split + 1);
  return { text: encodeUtf8(text), signatures: parseLines(note.slice(split + 2), text) };
}

/** The bytes of a note from its parts, with the `line`s of the signatures as they stand. */
export function formatNote({ text, signatures }: SignedNote): Uint8Array<ArrayBuffer> {
  return concatBytes(text, encodeUtf8(`\n${signatures.map(({ line }) => line).join('')}`));
}
