import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { NOTE_LIMITS } from './limits.ts';
import type { NoteSignature, NoteVerifier } from './note-signature.ts';
import { checkNoteBytes } from './note-text.ts';
import { isCanonical, parseSignatureLine } from './signature-line.ts';

/** A note split into its parts. Nothing in it is trusted. */
export interface SignedNote {
  /** The signed bytes, with their last newline and without the empty line that follows. */
  readonly text: Uint8Array;
  /** At least one, in the order of the note. */
  readonly signatures: readonly NoteSignature[];
}

/** A note that at least one trusted key signed. */
export interface OpenedNote {
  readonly text: Uint8Array;
  /** Signatures by the given keys, one a key, in the order of the note; never empty. */
  readonly verified: NoteSignature[];
  /** Signatures by other keys, which nobody checked, in the order of the note. */
  readonly unverified: NoteSignature[];
}

/**
 * Splits a note at its last empty line, without checking a signature (signed-note, "Format"). Limits: 1 MiB, 100
 * signatures.
 *
 * @throws CoreError `malformed`
 */
export function parseNote(bytes: Uint8Array): SignedNote {
  const note = checkNoteBytes(bytes);
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw new CoreError('malformed', 'a note has an empty line between its text and its signatures');
  const lines = note.slice(split + 2, -1).split('\n', NOTE_LIMITS.maxSignatures + 1);
  if (lines.length > NOTE_LIMITS.maxSignatures) {
    throw new CoreError('malformed', `a note has at most ${NOTE_LIMITS.maxSignatures} signatures`);
  }
  return { text: encodeUtf8(note.slice(0, split + 1)), signatures: lines.map(parseSignatureLine) };
}

/**
 * Checks a note against trusted keys (signed-note, "Signatures"). A line is a key's when both name and key id match; it
 * must then verify, or the whole note is refused. Lines of other keys are ignored. A key that signed twice counts once.
 *
 * @throws CoreError `malformed`; `bad-signature` when a line of a trusted key does not verify or is not written
 *   canonically; `unknown-key` when no trusted key signed; `mismatch` when two verifiers share name and key id.
 */
export function openNote(bytes: Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const byKey = new Map<string, NoteVerifier>();
  for (const verifier of verifiers) {
    if (byKey.has(keyOf(verifier))) {
      throw new CoreError('mismatch', `two trusted keys share the name and id of ${JSON.stringify(verifier.name)}`);
    }
    byKey.set(keyOf(verifier), verifier);
  }
  const { text, signatures } = parseNote(bytes);
  const verified = new Map<string, NoteSignature>();
  const unverified: NoteSignature[] = [];
  for (const signature of signatures) {
    const key = keyOf(signature);
    const verifier = byKey.get(key);
    if (verifier === undefined) {
      unverified.push(signature);
    } else if (verified.get(key)?.line !== signature.line) {
      if (!isCanonical(signature) || !verifier.verify(text, signature.signature)) {
        throw new CoreError('bad-signature', 'a signature that names a trusted key does not verify');
      }
      if (!verified.has(key)) verified.set(key, signature);
    }
  }
  if (verified.size === 0) throw new CoreError('unknown-key', 'no trusted key signed this note');
  return { text, verified: [...verified.values()], unverified };
}

// A name has no white space, so that name and id cannot run together.
function keyOf(key: { readonly name: string; readonly keyId: number }): string {
  return `${key.name} ${key.keyId}`;
}
