import { decodeUtf8 } from '@tilewright/core/bytes';
import { JsonFault } from './json-fault.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * The text of a JSON string with escapes: `bytes[start]` and `bytes[end]` are its quotes. As protojson: invalid UTF-8
 * and escaped surrogates that are no pair are refused, every other `\u` escape is fine.
 */
export function unescapeJson(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start + 1;
  while (at < end) {
    let run = at;
    while (run < end && bytes[run] !== 0x5c) run++;
    if (run > at) text += plainText(bytes, start, at, run);
    if (run === end) break;
    const letter = String.fromCharCode(bytes[run + 1] ?? 0);
    at = run + 2;
    if (letter !== 'u') {
      const char = ESCAPES[letter];
      if (char === undefined) throw new JsonFault('syntax', start, `invalid escape code "\\${letter}" in string`);
      text += char;
      continue;
    }
    const unit = codeUnit(bytes, start, at, end);
    at += 4;
    text += String.fromCharCode(unit);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const isPair = unit < 0xdc00 && bytes[at] === 0x5c && bytes[at + 1] === 0x75;
    const second = isPair ? codeUnit(bytes, start, at + 2, end) : 0;
    if (second < 0xdc00 || second > 0xdfff) {
      throw new JsonFault('syntax', start, `invalid escape code "\\u${unit.toString(16)}" in string`);
    }
    text += String.fromCharCode(second);
    at += 6;
  }
  return text;
}

function plainText(bytes: Uint8Array, stringStart: number, start: number, end: number): string {
  try {
    return decodeUtf8(bytes.subarray(start, end));
  } catch {
    throw new JsonFault('syntax', stringStart, 'invalid UTF-8 in string');
  }
}

function codeUnit(bytes: Uint8Array, stringStart: number, at: number, end: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = i < end ? hexDigit(bytes[i] ?? 0) : -1;
    if (digit < 0) throw new JsonFault('syntax', stringStart, 'invalid \\u escape in string');
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(char: number): number {
  if (char >= 0x30 && char <= 0x39) return char - 0x30;
  // Bit 5 is all that upper and lower case differ in.
  const lower = char | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
