import { TrustError } from '../trust-error.ts';

/** A parsed JSON value. Objects have no prototype, so that a field named `__proto__` is just a field. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object whose keys were all different. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const MAX_DEPTH = 32;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Parses JSON (RFC 8259) as `JSON.parse` does, and refuses what it lets pass: a key that occurs twice in one object,
 * and strings that are not well-formed Unicode. Nesting is at most 32 levels deep.
 *
 * @throws TrustError `malformed`, `duplicate`
 */
export function parseStrictJson(text: string): JsonValue {
  const reader = new Reader(text);
  const value = reader.value('', 0);
  reader.skipSpace();
  if (reader.at !== text.length) throw reader.malformed('', 'there is more after the end of the document');
  return value;
}

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string, depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw this.malformed(path, `nested more than ${MAX_DEPTH} levels deep`);
    this.skipSpace();
    const first = this.#text[this.at];
    if (first === '{') return this.#object(path, depth);
    if (first === '[') return this.#array(path, depth);
    if (first === '"') return this.#string(path);
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = this.#match(NUMBER);
    if (number === undefined) throw this.malformed(path, 'no JSON value here');
    return Number(number);
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  malformed(path: string, what: string): TrustError {
    return new TrustError('malformed', path, `not valid JSON at character ${this.at}: ${what}`);
  }

  #object(path: string, depth: number): JsonObject {
    const object: { [key: string]: JsonValue } = Object.create(null);
    this.at += 1;
    this.skipSpace();
    if (this.#take('}')) return object;
    do {
      this.skipSpace();
      const key = this.#string(path);
      const inner = childPath(path, key);
      if (key in object) throw new TrustError('duplicate', inner, 'this key occurs twice');
      this.skipSpace();
      if (!this.#take(':')) throw this.malformed(inner, 'a colon is missing');
      object[key] = this.value(inner, depth + 1);
      this.skipSpace();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.malformed(path, 'an object does not end');
    return object;
  }

  #array(path: string, depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.at += 1;
    this.skipSpace();
    if (this.#take(']')) return array;
    do {
      array.push(this.value(`${path}[${array.length}]`, depth + 1));
      this.skipSpace();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.malformed(path, 'an array does not end');
    return array;
  }

  #string(path: string): string {
    const start = this.at;
    const quoted = this.#match(STRING);
    if (quoted === undefined) throw this.malformed(path, 'a string is missing or does not end');
    try {
      const value: string = JSON.parse(quoted);
      if (value.isWellFormed()) return value;
    } catch (cause) {
      this.at = start;
      throw new TrustError('malformed', path, `not valid JSON at character ${start}: a string has a bad escape`, {
        cause,
      });
    }
    throw this.malformed(path, 'a string is not well-formed Unicode');
  }

  #take(char: string): boolean {
    if (this.#text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** Paths appear in messages: a key from the document is cut and stripped of what could break a line. */
function childPath(path: string, key: string): string {
  const shown = key.replaceAll(/[^\w.$-]/g, '?').slice(0, 64);
  return path === '' ? shown : `${path}.${shown}`;
}
