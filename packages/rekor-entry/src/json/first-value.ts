/** Where a JSON text stops being one, and how. */
export interface JsonSyntaxError {
  readonly message: string;
}

/** How deep arrays and objects may nest, as Go's encoding/json has it. */
export const MAX_JSON_DEPTH = 10_000;

const UNEXPECTED_END: JsonSyntaxError = { message: 'unexpected EOF' };

/**
 * What is wrong with the syntax of the first JSON value in `bytes`, or undefined when nothing is. What follows that
 * value is not looked at. The messages are those of Go's encoding/json, which a Rekor v2 server runs before protojson:
 * this is the first judge of a body that could not be read, and the only one for how it is nested.
 */
export function firstValueError(bytes: Uint8Array): JsonSyntaxError | undefined {
  return new Scanner(bytes).value();
}

class Scanner {
  readonly #bytes: Uint8Array;
  #at = 0;
  // One for each open array or object, so that deep input cannot exhaust the call stack.
  readonly #open: ('array' | 'object')[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(): JsonSyntaxError | undefined {
    for (;;) {
      let error = this.#beginValue();
      if (error === 'opened') continue;
      for (;;) {
        if (error !== undefined) return error;
        const container = this.#open.at(-1);
        if (container === undefined) return undefined;
        const char = this.#next();
        if (char === (container === 'array' ? 0x5d : 0x7d)) {
          this.#open.pop();
          error = undefined;
          continue;
        }
        if (char !== 0x2c)
          return this.#invalid(char, container === 'array' ? 'after array element' : 'after object key:value pair');
        error = container === 'object' ? this.#key() : undefined;
        if (error !== undefined) return error;
        break;
      }
    }
  }

  /** Reads a whole scalar or empty container, or the start of a container up to where its first value begins. */
  #beginValue(): JsonSyntaxError | undefined | 'opened' {
    const char = this.#next();
    if (char === 0x7b || char === 0x5b) return this.#beginContainer(char === 0x5b ? 'array' : 'object');
    if (char === 0x22) return this.#string();
    if (char === 0x2d || (char >= 0x30 && char <= 0x39)) return this.#number(char);
    if (char === 0x74) return this.#word('true');
    if (char === 0x66) return this.#word('false');
    if (char === 0x6e) return this.#word('null');
    return this.#invalid(char, 'looking for beginning of value');
  }

  #beginContainer(kind: 'array' | 'object'): JsonSyntaxError | undefined | 'opened' {
    if (this.#open.length === MAX_JSON_DEPTH)
      return { message: `invalid character '${kind === 'array' ? '[' : '{'}' exceeded max depth` };
    const char = this.#next();
    if (char === (kind === 'array' ? 0x5d : 0x7d)) return undefined;
    if (char !== -1) this.#at--;
    this.#open.push(kind);
    if (kind === 'array') return char === -1 ? UNEXPECTED_END : 'opened';
    return this.#key() ?? 'opened';
  }

  /** Reads an object's key and colon. */
  #key(): JsonSyntaxError | undefined {
    const quote = this.#next();
    if (quote !== 0x22) return this.#invalid(quote, 'looking for beginning of object key string');
    const error = this.#string();
    if (error !== undefined) return error;
    const colon = this.#next();
    return colon === 0x3a ? undefined : this.#invalid(colon, 'after object key');
  }

  #string(): JsonSyntaxError | undefined {
    for (;;) {
      const char = this.#read();
      if (char === 0x22) return undefined;
      if (char < 0x20) return this.#invalid(char, 'in string literal');
      if (char !== 0x5c) continue;
      const letter = this.#read();
      if (letter === 0x75) {
        for (let i = 0; i < 4; i++) {
          const digit = this.#read();
          if (!isHex(digit)) return this.#invalid(digit, 'in \\u hexadecimal character escape');
        }
      } else if (!'bfnrt\\/"'.includes(String.fromCharCode(letter)) || letter === -1) {
        return this.#invalid(letter, 'in string escape code');
      }
    }
  }

  #number(first: number): JsonSyntaxError | undefined {
    let char = first;
    if (char === 0x2d) {
      char = this.#read();
      if (!isDigit(char)) return this.#invalid(char, 'in numeric literal');
    }
    char = char === 0x30 ? this.#read() : this.#digits();
    if (char === 0x2e) {
      const digit = this.#read();
      if (!isDigit(digit)) return this.#invalid(digit, 'after decimal point in numeric literal');
      char = this.#digits();
    }
    if (char === 0x65 || char === 0x45) {
      char = this.#read();
      if (char === 0x2b || char === 0x2d) char = this.#read();
      if (!isDigit(char)) return this.#invalid(char, 'in exponent of numeric literal');
      char = this.#digits();
    }
    if (char !== -1) this.#at--;
    return undefined;
  }

  /** Skips digits; returns what follows them. */
  #digits(): number {
    let char = this.#read();
    while (isDigit(char)) char = this.#read();
    return char;
  }

  #word(word: string): JsonSyntaxError | undefined {
    for (const expected of word.slice(1)) {
      const char = this.#read();
      if (char !== expected.charCodeAt(0)) return this.#invalid(char, `in literal ${word} (expecting '${expected}')`);
    }
    return undefined;
  }

  #next(): number {
    let char = this.#read();
    while (isSpace(char)) char = this.#read();
    return char;
  }

  #read(): number {
    const char = this.#bytes[this.#at];
    if (char === undefined) return -1;
    this.#at++;
    return char;
  }

  #invalid(char: number, context: string): JsonSyntaxError {
    return char === -1 ? UNEXPECTED_END : { message: `invalid character ${quoted(char)} ${context}` };
  }
}

const isSpace = (char: number) => char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
const isDigit = (char: number) => char >= 0x30 && char <= 0x39;
const isHex = (char: number) => isDigit(char) || (char >= 0x41 && char <= 0x46) || (char >= 0x61 && char <= 0x66);

function quoted(char: number): string {
  if (char === 0x27) return `'\\''`;
  if (char === 0x22) return `'"'`;
  return `'${JSON.stringify(String.fromCharCode(char)).slice(1, -1)}'`;
}
