import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { NOTE_LIMITS } from './limits.ts';
import type { NoteSigner } from './note-signature.ts';
import { checkNoteBytes } from './note-text.ts';
import { formatSignatureLine } from './signature-line.ts';
import { parseNote } from './signed-note.ts';

/**
 * A note of `text` signed by every signer, in their order (signed-note, "Format"). The text is valid UTF-8 without
 * control bytes but newlines, and ends with one.
 *
 * @throws CoreError `malformed` for a bad text or signature, `out-of-range` for no signers, more than 100, or a note
 *   above 1 MiB, `mismatch` when two signers share name and key id; what a signer throws.
 */
export async function signNote(text: Uint8Array, signers: readonly NoteSigner[]): Promise<Uint8Array<ArrayBuffer>> {
  checkNoteBytes(text);
  if (signers.length === 0 || signers.length > NOTE_LIMITS.maxSignatures) {
    throw new CoreError('out-of-range', `a note takes 1 to ${NOTE_LIMITS.maxSignatures} signers`);
  }
  if (new Set(signers.map((signer) => `${signer.name} ${signer.keyId}`)).size !== signers.length) {
    throw new CoreError('mismatch', 'two signers share one name and key id');
  }
  const lines = await Promise.all(
    signers.map(async (signer) => formatSignatureLine(signer.name, signer.keyId, await signer.sign(text))),
  );
  const note = concatBytes(text, encodeUtf8(`\n${lines.join('')}`));
  if (note.length > NOTE_LIMITS.maxBytes) {
    throw new CoreError('out-of-range', `a note has at most ${NOTE_LIMITS.maxBytes} bytes`);
  }
  parseNote(note);
  return note;
}
