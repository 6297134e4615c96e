import { isKeyName } from '@tilewright/core/note';
import { SignerError } from '../signer-error.ts';

/** ML-DSA cosignatures carry the origin behind a one-byte length, so no longer one can ever be cosigned. */
const MAX_ORIGIN_BYTES = 255;

/**
 * Checks that a log's origin can stand both as the first line of a checkpoint and as the name of its signature:
 * 1 to 255 bytes of UTF-8, no white space, no control character, no `+` (signed-note, Format).
 * @throws SignerError `bad-origin`
 */
export function requireOrigin(origin: string): void {
  const control = [...origin].some((char) => char < ' ' || char === '\u007f');
  const bytes = new TextEncoder().encode(origin).length;
  if (!origin.isWellFormed() || control || bytes > MAX_ORIGIN_BYTES || !isKeyName(origin)) {
    throw new SignerError(
      'bad-origin',
      `a log's origin is 1 to ${MAX_ORIGIN_BYTES} bytes without white space, control characters or "+", ` +
        'for example the bare host name rekor.example.com',
    );
  }
}
