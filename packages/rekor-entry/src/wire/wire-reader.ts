import { EntryError } from '../entry-error.ts';

/** How a field is encoded; 6 and 7 do not exist. */
export const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

const MAX_FIELD_NUMBER = 2 ** 29 - 1;
// One group around ten thousand others: Go counts what is inside the first.
const MAX_GROUP_DEPTH = 10_001;

function invalidWire(): EntryError {
  return new EntryError('malformed-request', 'proto: cannot parse invalid wire-format data');
}

/** Reads the protobuf wire format from `bytes`, from `at` up to `end`. As strict as Go's protowire. */
export class WireReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Reads a tag, `number * 8 + wire type`, and checks the number's range. */
  tag(): number {
    const tag = this.varint();
    const number = Math.floor(tag / 8);
    if (number < 1 || number > MAX_FIELD_NUMBER) throw invalidWire();
    return tag;
  }

  /** Reads a varint of at most 64 bits. Exact up to 2^53; beyond, only its being large means something. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      if (i === 9 && byte > 1) throw invalidWire();
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw invalidWire();
  }

  /** Reads an enum or int32: the low 32 bits of a varint, as a signed number. */
  int32(): number {
    let low = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      if (i === 9 && byte > 1) throw invalidWire();
      // The shift drops what lies above bit 31, which is what int32 means.
      if (i < 5) low |= (byte & 0x7f) << (7 * i);
      if (byte < 128) return low;
    }
    throw invalidWire();
  }

  /** Reads a length-delimited value; a reader of its content. */
  nested(): WireReader {
    const length = this.varint();
    if (length > this.end - this.at) throw invalidWire();
    const start = this.at;
    this.at += length;
    return new WireReader(this.bytes, start, this.at);
  }

  /** Reads a length-delimited value; a view of its content. */
  view(): Uint8Array {
    const { at, end } = this.nested();
    return this.bytes.subarray(at, end);
  }

  /** Moves past the value of a field that the message does not have, or not in this encoding. */
  skip(tag: number): void {
    // Groups may nest; a stack of their numbers, not of calls.
    const groups: number[] = [];
    let current = tag;
    do {
      this.#skipOne(current, groups);
      if (groups.length > 0) current = this.tag();
    } while (groups.length > 0);
  }

  #skipOne(tag: number, groups: number[]): void {
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        this.varint();
        return;
      case FIXED64:
        this.#advance(8);
        return;
      case BYTES:
        this.nested();
        return;
      case FIXED32:
        this.#advance(4);
        return;
      case START_GROUP:
        if (groups.length >= MAX_GROUP_DEPTH) throw invalidWire();
        groups.push(number);
        return;
      case END_GROUP:
        if (groups.pop() !== number) throw invalidWire();
        return;
      default:
        throw invalidWire();
    }
  }

  #advance(count: number): void {
    if (count > this.end - this.at) throw invalidWire();
    this.at += count;
  }

  #byte(): number {
    if (this.at >= this.end) throw invalidWire();
    return this.bytes[this.at++] ?? 0;
  }
}
