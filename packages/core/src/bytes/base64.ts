import { CoreError } from '../core-error.ts';
import { MAX_DECODED } from './limits.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;
const INVALID = 255;

const VALUE_OF = valueTable();

function valueTable(): Uint8Array {
  const table = new Uint8Array(128).fill(INVALID);
  for (let i = 0; i < ALPHABET.length; i++) table[ALPHABET.charCodeAt(i)] = i;
  return table;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    text += ALPHABET.charAt((a - (a % 4)) / 4) + ALPHABET.charAt((a % 4) * 16 + (b - (b % 16)) / 16);
    text += left > 1 ? ALPHABET.charAt((b % 16) * 4 + (c - (c % 64)) / 64) : '=';
    text += left > 2 ? ALPHABET.charAt(c % 64) : '=';
  }
  return text;
}

/**
 * The bytes of canonical, padded, standard base64 (RFC 4648 sections 3.5 and 4): every byte string has exactly one
 * text that this accepts, of at most 64 Mi characters. White space, the URL-safe alphabet, missing padding and non-zero unused bits are refused.
 *
 * @throws CoreError `malformed`
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const { bytes, canonical } = decodeBase64LikeGo(text);
  if (!canonical) {
    throw new CoreError('malformed', 'this base64 is not canonical: the unused bits before the padding must be zero');
  }
  return bytes;
}

/**
 * As {@link decodeBase64}, but tells about non-zero unused bits instead of refusing them, as most Go programs accept
 * them. Only for text whose decoded bytes are judged by something stricter.
 *
 * @throws CoreError `malformed`
 */
export function decodeBase64LikeGo(text: string): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly canonical: boolean;
} {
  const length = text.length;
  if (length > MAX_DECODED) throw new CoreError('malformed', `base64 text has at most ${MAX_DECODED} characters`);
  if (length % 4 !== 0) throw new CoreError('malformed', 'base64 text has a multiple of four characters, with padding');
  if (length === 0) return { bytes: new Uint8Array(0), canonical: true };
  const pads = text.charCodeAt(length - 1) !== PADDING ? 0 : text.charCodeAt(length - 2) !== PADDING ? 1 : 2;
  const bytes = new Uint8Array((length / 4) * 3 - pads);
  let out = 0;
  let unused = 0;
  for (let i = 0; i < length; i += 4) {
    const padsHere = i + 4 === length ? pads : 0;
    const a = sextet(text, i);
    const b = sextet(text, i + 1);
    const c = padsHere > 1 ? 0 : sextet(text, i + 2);
    const d = padsHere > 0 ? 0 : sextet(text, i + 3);
    bytes[out++] = a * 4 + (b - (b % 16)) / 16;
    if (padsHere < 2) bytes[out++] = (b % 16) * 16 + (c - (c % 4)) / 4;
    if (padsHere < 1) bytes[out++] = (c % 4) * 64 + d;
    unused = padsHere === 2 ? b % 16 : padsHere === 1 ? c % 4 : 0;
  }
  return { bytes, canonical: unused === 0 };
}

function sextet(text: string, at: number): number {
  const value = VALUE_OF[text.charCodeAt(at)] ?? INVALID;
  if (value === INVALID) {
    throw new CoreError('malformed', `character ${at} is not of the standard base64 alphabet`);
  }
  return value;
}
