import { CoreError } from '../core-error.ts';

// Every JavaScript platform has these two; the language's own library does not declare them.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
// ignoreBOM keeps a byte order mark in the text: dropping it would change signed bytes.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The UTF-8 bytes of a text.
 *
 * @throws CoreError `malformed` for a lone surrogate, which has no UTF-8 form.
 */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed()) throw new CoreError('malformed', 'the text holds a lone surrogate');
  return encoder.encode(text);
}

/**
 * The text of UTF-8 bytes. A byte order mark is kept, so that `encodeUtf8(decodeUtf8(b))` is `b` for every valid `b`.
 *
 * @throws CoreError `malformed` when the bytes are not valid UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new CoreError('malformed', 'the bytes are not valid UTF-8', { cause });
  }
}
