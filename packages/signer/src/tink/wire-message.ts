import { concatBytes, decodeUtf8 } from '@tilewright/core/bytes';
import { SignerError } from '../signer-error.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

const MAX_UINT32 = 2 ** 32 - 1;
const MAX_VARINT_BYTES = 10;
/** Groups were given up before Tink began: deeper ones are damage. */
const MAX_GROUPS = 8;

interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Of a varint; above 2^53 it is only known to be too large for whatever is read here. */
  readonly value: number;
  /** Of a length-delimited field: a view, not a copy. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();

/**
 * One protobuf message, read strictly: a known field of another wire type is refused, unknown fields are skipped, of a
 * repeated singular field the last one counts, and of an embedded message the parts are merged (Protocol Buffers, Encoding).
 */
export class WireMessage {
  readonly #what: string;
  readonly #fields: readonly Field[];

  /**
   * @param what names the message in errors, which never hold bytes of it
   * @throws SignerError `keyset-malformed`
   */
  constructor(bytes: Uint8Array, what: string) {
    this.#what = what;
    this.#fields = readFields(bytes, what);
  }

  has(number: number): boolean {
    return this.#fields.some((field) => field.number === number);
  }

  /** A `uint32` or an enum; 0 when it is absent. @throws SignerError `keyset-malformed` */
  uint32(number: number): number {
    const value = this.#all(number, VARINT).at(-1)?.value ?? 0;
    if (value > MAX_UINT32) throw malformed(this.#what, `field ${number} does not fit 32 bits`);
    return value;
  }

  /** A `bytes` field; empty when it is absent. @throws SignerError `keyset-malformed` */
  bytes(number: number): Uint8Array {
    return this.#all(number, BYTES).at(-1)?.bytes ?? NOTHING;
  }

  /** A `string` field; empty when it is absent. @throws SignerError `keyset-malformed` */
  text(number: number): string {
    try {
      return decodeUtf8(this.bytes(number));
    } catch (error) {
      if (error instanceof SignerError) throw error;
      throw malformed(this.#what, `field ${number} is not UTF-8`);
    }
  }

  /** An embedded message; an empty one when it is absent. @throws SignerError `keyset-malformed` */
  message(number: number, what: string): WireMessage {
    const [first = NOTHING, ...more] = this.#all(number, BYTES).map(({ bytes }) => bytes);
    // Copies of secrets are made only where there is no other way.
    return new WireMessage(more.length === 0 ? first : concatBytes(first, ...more), what);
  }

  /** A repeated message. @throws SignerError `keyset-malformed` */
  messages(number: number, what: string): WireMessage[] {
    return this.#all(number, BYTES).map(({ bytes }) => new WireMessage(bytes, what));
  }

  #all(number: number, wireType: number): Field[] {
    const found = this.#fields.filter((field) => field.number === number);
    if (found.every((field) => field.wireType === wireType)) return found;
    throw malformed(this.#what, `field ${number} has a wrong wire type`);
  }
}

function readFields(bytes: Uint8Array, what: string): Field[] {
  const fields: Field[] = [];
  const groups: number[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = bytes[at++];
      if (byte === undefined) throw malformed(what, 'it is cut short');
      if (i === MAX_VARINT_BYTES - 1 && byte > 1) break;
      value += (byte % 128) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw malformed(what, 'a number is longer than 64 bits');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw malformed(what, 'it is cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    if (number === 0 || tag > MAX_UINT32) throw malformed(what, 'it is not a protobuf message');
    const value = wireType === VARINT || wireType === BYTES ? varint() : 0;
    const taken = take(wireType === BYTES ? value : wireType === FIXED64 ? 8 : wireType === FIXED32 ? 4 : 0);
    if (wireType === GROUP && groups.length < MAX_GROUPS) groups.push(number);
    else if (wireType === END_GROUP && groups.at(-1) === number) groups.pop();
    else if (wireType !== VARINT && wireType !== BYTES && wireType !== FIXED64 && wireType !== FIXED32) {
      throw malformed(what, 'it is not a protobuf message');
    } else if (groups.length === 0) fields.push({ number, wireType, value, bytes: taken });
  }
  if (groups.length > 0) throw malformed(what, 'it is cut short');
  return fields;
}

function malformed(what: string, why: string): SignerError {
  return new SignerError(
    'keyset-malformed',
    `${what} cannot be read: ${why}; take it from its backup, or make a new one`,
  );
}
