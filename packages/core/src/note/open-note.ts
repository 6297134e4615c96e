import { CoreError } from '../core-error.ts';
import type { NoteSignature, NoteVerifier } from './note-signature.ts';
import { isCanonical } from './signature-line.ts';
import { parseNote } from './signed-note.ts';

/** A note that at least one trusted key signed. */
export interface OpenedNote {
  readonly text: Uint8Array;
  /** Signatures by the given keys, one a key, in the order of the note; never empty. */
  readonly verified: NoteSignature[];
  /** Signatures by other keys, which nobody checked, in the order of the note. */
  readonly unverified: NoteSignature[];
}

/**
 * Checks a note against trusted keys (signed-note, "Signatures"). A line is a key's when both name and key id match; it
 * must then verify, or the whole note is refused. Lines of other keys are ignored. A key that signed twice counts once.
 *
 * A line of a trusted key whose base64 has non-zero unused bits is a signature that fails, not a note that cannot be
 * read: a witness answers the one with 403 (`bad-signature`, `unknown-key`) and the other with 400 (`malformed`).
 *
 * @throws CoreError `malformed`; `bad-signature` when a line of a trusted key does not verify or is not written
 *   canonically; `unknown-key` when no trusted key signed; `mismatch` when two verifiers share name and key id.
 */
export function openNote(bytes: Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const byKey = new Map<string, NoteVerifier>();
  for (const verifier of verifiers) {
    const key = keyOf(verifier);
    if (byKey.has(key)) {
      throw new CoreError('mismatch', `two trusted keys share the name and id of ${JSON.stringify(verifier.name)}`);
    }
    byKey.set(key, verifier);
  }
  const { text, signatures } = parseNote(bytes);
  const verified = new Map<string, NoteSignature>();
  const unverified: NoteSignature[] = [];
  for (const [index, signature] of signatures.entries()) {
    const key = keyOf(signature);
    const verifier = byKey.get(key);
    if (verifier === undefined) {
      unverified.push(signature);
    } else if (verified.get(key)?.line !== signature.line) {
      if (!isCanonical(signature) || !verifier.verify(text, signature.signature)) throw failed(verifier, index);
      if (!verified.has(key)) verified.set(key, signature);
    }
  }
  if (verified.size === 0) throw new CoreError('unknown-key', 'no trusted key signed this note');
  return { text, verified: [...verified.values()], unverified };
}

function failed({ name, keyId }: NoteVerifier, index: number): CoreError {
  const key = `${JSON.stringify(name)} (key id ${keyId.toString(16).padStart(8, '0')})`;
  return new CoreError('bad-signature', `signature ${index + 1} names the trusted key ${key} and does not verify`);
}

// A name has no white space, so that name and id cannot run together.
function keyOf(key: { readonly name: string; readonly keyId: number }): string {
  return `${key.name} ${key.keyId}`;
}
