import { decodeBase64LikeGo, encodeBase64 } from '../bytes/base64.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { checkKeyId, keyIdBytes, keyIdOf } from './key-id.ts';
import { isKeyName, KEY_NAME_RULE } from './key-name.ts';
import { NOTE_LIMITS } from './limits.ts';
import type { NoteSignature } from './note-signature.ts';
import { checkNoteBytes } from './note-text.ts';

const PREFIX = '\u2014 ';
const KEY_ID_SIZE = 4;

/**
 * A signature line, with its newline: em dash, space, name, space, base64 of key id and signature (signed-note,
 * "Format").
 *
 * @throws CoreError `malformed` for a name that is none or an empty signature, `out-of-range` for a key id that is not
 *   an unsigned 32-bit integer.
 */
export function formatSignatureLine(name: string, keyId: number, signature: Uint8Array): string {
  if (!isKeyName(name)) throw new CoreError('malformed', KEY_NAME_RULE);
  if (signature.length === 0) throw new CoreError('malformed', 'a signature has at least one byte');
  return `${PREFIX}${name} ${encodeBase64(concatBytes(keyIdBytes(checkKeyId(keyId)), signature))}\n`;
}

/**
 * Signature lines without a note, as a witness answers with them: one at least, each with its newline (tlog-witness,
 * "add-checkpoint"). Limits: 1 MiB, 100 lines. Nothing is verified.
 *
 * @throws CoreError `malformed`; the message names the line.
 */
export function parseSignatureLines(bytes: Uint8Array): NoteSignature[] {
  return parseLines(checkNoteBytes(bytes));
}

/** Lines that end with a newline each. `text` is what stands before them in their note; it counts for messages alone. */
export function parseLines(section: string, text?: string): NoteSignature[] {
  const lines = section.slice(0, -1).split('\n', NOTE_LIMITS.maxSignatures + 1);
  if (lines.length > NOTE_LIMITS.maxSignatures) {
    throw new CoreError('malformed', `a note has at most ${NOTE_LIMITS.maxSignatures} signatures`);
  }
  return lines.map((line, index) => {
    try {
      return parseSignatureLine(line);
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
      const before = text === undefined ? 0 : text.split('\n').length;
      throw new CoreError(cause.code, `line ${before + index + 1}: ${cause.message}`, { cause });
    }
  });
}

/**
 * The parts of a signature line, given without its newline. Base64 with non-zero unused bits passes here, because other
 * implementations accept it in lines that are not ours to judge; {@link isCanonical} tells it apart.
 *
 * @throws CoreError `malformed`
 */
function parseSignatureLine(line: string): NoteSignature {
  const rest = line.startsWith(PREFIX) ? line.slice(PREFIX.length) : '';
  const space = rest.indexOf(' ');
  const name = rest.slice(0, Math.max(space, 0));
  if (!isKeyName(name)) {
    throw new CoreError('malformed', 'a signature line is an em dash, a key name and base64, separated by one space');
  }
  const { bytes } = decodeBase64LikeGo(rest.slice(space + 1));
  if (bytes.length <= KEY_ID_SIZE) {
    throw new CoreError('malformed', 'a signature line holds a key id of four bytes and a signature');
  }
  return { name, keyId: keyIdOf(bytes), signature: bytes.subarray(KEY_ID_SIZE), line: `${line}\n` };
}

/** Whether the line is the only one that writes this signature. */
export function isCanonical({ name, keyId, signature, line }: NoteSignature): boolean {
  return formatSignatureLine(name, keyId, signature) === line;
}
