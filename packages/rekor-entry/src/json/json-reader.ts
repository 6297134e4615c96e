import { decodeUtf8 } from '@tilewright/core/bytes';
import { JsonFault } from './json-fault.ts';
import { unescapeJson } from './json-string.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A position in a JSON text, and the tokens that can be read there. Every method leaves it after what it read. */
export class JsonReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** The next byte after white space, without reading it; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    let at = this.at;
    let char = bytes[at] ?? -1;
    while (char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09) char = bytes[++at] ?? -1;
    this.at = at;
    return char;
  }

  /** Whether the next token is this one character; reads it when it is. */
  accept(char: number): boolean {
    if (this.peek() !== char) return false;
    this.at++;
    return true;
  }

  /** Reads this one character. */
  expect(char: number): void {
    if (!this.accept(char)) throw this.unexpected();
  }

  /** Reads a null if it is next. */
  acceptNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    if (this.literal() !== 'null') throw this.unexpected();
    this.at += 4;
    return true;
  }

  /**
   * Moves past a string, the next token, and returns the offset of its closing quote. Everything up to there is free
   * of control characters, but escapes and UTF-8 are not yet checked unless the string is plain ASCII without escapes.
   */
  skipString(): number {
    const { bytes } = this;
    let at = this.at + 1;
    for (;;) {
      const char = bytes[at] ?? -1;
      if (char === QUOTE) break;
      if (char < 0x20) throw new JsonFault('syntax', this.at, 'invalid string');
      at += char === BACKSLASH ? 2 : 1;
    }
    this.at = at + 1;
    return at;
  }

  /** Reads a string, the next token, with its escapes resolved. */
  string(): string {
    const start = this.at;
    const end = this.skipString();
    const content = this.bytes.subarray(start + 1, end);
    if (content.includes(BACKSLASH)) return unescapeJson(this.bytes, start, end);
    try {
      return decodeUtf8(content);
    } catch {
      throw new JsonFault('syntax', start, 'invalid UTF-8 in string');
    }
  }

  /** The run of characters that numbers and words are made of, without reading it; empty for any other token. */
  literal(): string {
    const { bytes, at } = this;
    let end = at;
    while (isLiteral(bytes[end] ?? -1)) end++;
    return decodeUtf8(bytes.subarray(at, end));
  }

  /** The fault that the next token is. */
  unexpected(): JsonFault {
    this.peek();
    return new JsonFault('syntax', this.at, `unexpected token ${this.tokenText(this.at)}`);
  }

  /** The token that starts at an offset as an error message shows it, at most 64 bytes of it. */
  tokenText(at: number): string {
    const saved = this.at;
    this.at = at;
    try {
      if (this.peek() !== QUOTE) return this.literal().slice(0, 64) || String.fromCharCode(this.bytes[this.at] ?? 0x20);
      const start = this.at;
      const end = this.skipString() + 1;
      if (end - start <= 64) return lossyText(this.bytes.subarray(start, end));
      return `${lossyText(this.bytes.subarray(start, start + 64))}…`;
    } finally {
      this.at = saved;
    }
  }
}

function isLiteral(char: number): boolean {
  const isDigit = char >= 0x30 && char <= 0x39;
  const isLetter = (char >= 0x41 && char <= 0x5a) || (char >= 0x61 && char <= 0x7a);
  return isDigit || isLetter || char === 0x2d || char === 0x2b || char === 0x2e || char === 0x5f;
}

// Only for messages: a cut may fall inside a character.
function lossyText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte <= 0x7e;
    text += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
