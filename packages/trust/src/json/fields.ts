import { decodeBase64 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { TrustError } from '../trust-error.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/**
 * One JSON object of a known message, read field by field. Every field must be named in advance, so that an unknown one
 * is found. `null` is no value here: no document of this package needs it.
 */
export class Fields {
  readonly path: string;
  readonly #object: JsonObject;

  /** @throws TrustError `malformed` when `value` is no object, `unknown-field` when it has a field not in `known` */
  constructor(value: JsonValue, path: string, known: readonly string[]) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new TrustError('malformed', path, 'a JSON object is needed');
    }
    this.path = path;
    this.#object = value as JsonObject;
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const shown = key.replaceAll(/[^\w.$-]/g, '?').slice(0, 64);
      throw new TrustError('unknown-field', path, `unknown field "${shown}"; known are ${known.join(', ')}`);
    }
  }

  /** Path of a field, for messages. */
  at(field: string): string {
    return this.path === '' ? field : `${this.path}.${field}`;
  }

  has(field: string): boolean {
    return field in this.#object;
  }

  /** @throws TrustError `missing-field` */
  value(field: string): JsonValue {
    const value = this.#object[field];
    if (value === undefined) throw new TrustError('missing-field', this.at(field), 'this field is missing');
    return value;
  }

  /** A string that is not empty. @throws TrustError `missing-field`, `malformed` */
  string(field: string): string {
    const value = this.value(field);
    if (typeof value !== 'string' || value === '') {
      throw new TrustError('malformed', this.at(field), 'a string that is not empty is needed');
    }
    return value;
  }

  /** Canonical standard base64 with padding, at least one byte. @throws TrustError `missing-field`, `malformed`, `bad-value` */
  bytes(field: string): Uint8Array<ArrayBuffer> {
    const text = this.string(field);
    try {
      return decodeBase64(text);
    } catch (cause) {
      if (!(cause instanceof CoreError)) throw cause;
      throw new TrustError('bad-value', this.at(field), 'canonical standard base64 with padding is needed', { cause });
    }
  }

  /** An integer from `min` to 2^32-1. @throws TrustError `missing-field`, `malformed`, `bad-value` */
  uint32(field: string, min: number): number {
    const value = this.value(field);
    if (typeof value !== 'number') throw new TrustError('malformed', this.at(field), 'a number is needed');
    if (!Number.isInteger(value) || value < min || value > 0xffffffff) {
      throw new TrustError('bad-value', this.at(field), `an integer from ${min} to 4294967295 is needed`);
    }
    return value;
  }

  /** A list; an absent field is an empty one. @throws TrustError `malformed`, and what `read` throws */
  list<T>(field: string, read: (value: JsonValue, path: string) => T): T[] {
    if (!this.has(field)) return [];
    const value = this.value(field);
    if (!Array.isArray(value)) throw new TrustError('malformed', this.at(field), 'a JSON array is needed');
    return value.map((item: JsonValue, i) => read(item, `${this.at(field)}[${i}]`));
  }
}
