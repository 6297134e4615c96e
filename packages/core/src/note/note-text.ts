import { decodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { NOTE_LIMITS } from './limits.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * Checks what holds for every byte of a note: at most 1 MiB, valid UTF-8, no byte below 0x20 but the newline, which
 * is the last (signed-note, "Format"). Returns the bytes as text.
 */
export function checkNoteBytes(bytes: Uint8Array): string {
  if (bytes.length > NOTE_LIMITS.maxBytes) {
    throw new CoreError('malformed', `a note has at most ${NOTE_LIMITS.maxBytes} bytes, this one has ${bytes.length}`);
  }
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < SPACE && byte !== NEWLINE) {
      throw new CoreError('malformed', `a note has no control bytes but the newline, this one has one at byte ${at}`);
    }
  }
  if (bytes.at(-1) !== NEWLINE) throw new CoreError('malformed', 'a note and its text end with a newline');
  return decodeUtf8(bytes);
}
