import { CoreError } from '../core-error.ts';
import { MAX_DECODED } from './limits.ts';

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
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

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
 * At most 64 MiB.
 *
 * @throws CoreError `malformed` when the bytes are not valid UTF-8; the message names the first byte that is wrong.
 *   Also for more than 64 MiB.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > MAX_DECODED) throw new CoreError('malformed', `UTF-8 text has at most ${MAX_DECODED} bytes`);
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new CoreError('malformed', `the bytes are not valid UTF-8 from byte ${firstInvalid(bytes)} on`, { cause });
  }
}

const REPLACEMENT = '\ufffd';

function firstInvalid(bytes: Uint8Array): number {
  let offset = 0;
  for (const character of lenient.decode(bytes)) {
    // A replacement character that stands in the bytes themselves is EF BF BD there.
    if (character === REPLACEMENT && !(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf)) break;
    if (character === REPLACEMENT && bytes[offset + 2] !== 0xbd) break;
    const point = character.codePointAt(0) ?? 0;
    offset += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return offset;
}
