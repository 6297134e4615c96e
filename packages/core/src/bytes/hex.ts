import { CoreError } from '../core-error.ts';
import { MAX_DECODED } from './limits.ts';

const DIGITS = '0123456789abcdef';

/** Lowercase hexadecimal, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += DIGITS.charAt((byte - (byte % 16)) / 16) + DIGITS.charAt(byte % 16);
  return text;
}

/**
 * The bytes of lowercase hexadecimal, of at most 64 Mi digits.
 *
 * @throws CoreError `malformed` for too many digits, an odd number of them, uppercase digits, or anything else.
 */
export function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length > MAX_DECODED)
    throw new CoreError('malformed', `hexadecimal text has at most ${MAX_DECODED} characters`);
  if (text.length % 2 !== 0) throw new CoreError('malformed', 'hexadecimal text has an even number of digits');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = digit(text, 2 * i) * 16 + digit(text, 2 * i + 1);
  return bytes;
}

function digit(text: string, at: number): number {
  const value = DIGITS.indexOf(text.charAt(at));
  if (value < 0) throw new CoreError('malformed', `character ${at} is not a lowercase hexadecimal digit`);
  return value;
}
