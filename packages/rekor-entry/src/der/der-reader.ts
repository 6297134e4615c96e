import { EntryError } from '../entry-error.ts';

/** ASN.1 identifier octets (X.690 8.1.2) of the types that keys, certificates and signatures are made of. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a primitive context-specific type, such as `[6]` in a GeneralName. */
export const contextTag = (number: number): number => 0x80 + number;
/** The identifier octet of a constructed context-specific type, such as `[3]` around the extensions. */
export const constructedContextTag = (number: number): number => 0xa0 + number;

/** The fault of bytes that are no strict DER, or another type than expected. `what` names what was read. */
export function malformed(what: string): EntryError {
  return new EntryError('malformed-key', `malformed ${what}`);
}

/**
 * Reads DER (X.690 chapter 10) from a range of bytes. As strict as Go's cryptobyte: definite lengths in the fewest
 * octets, and no tag numbers above 30. A reader of an element's content shares the bytes.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Whether nothing is left. */
  get empty(): boolean {
    return this.at === this.end;
  }

  /** The identifier octet of the next element; -1 at the end. */
  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? -1) : -1;
  }

  /** Reads the next element, whatever its type; a reader of its content. */
  any(what: string): DerReader {
    const { bytes, at, end } = this;
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    if (end - at < 2 || tag % 32 === 31) throw malformed(what);
    let start = at + 2;
    let length = first;
    if (first >= 0x80) {
      const octets = first - 0x80;
      if (octets < 1 || octets > 4 || end - start < octets) throw malformed(what);
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start + i] ?? 0);
      if (length < 0x80 || bytes[start] === 0) throw malformed(what);
      start += octets;
    }
    if (length > end - start) throw malformed(what);
    this.at = start + length;
    return new DerReader(bytes, start, this.at);
  }

  /** Reads the next element, which must have this identifier octet. */
  read(tag: number, what: string): DerReader {
    if (this.peek() !== tag) throw malformed(what);
    return this.any(what);
  }

  /** Reads the next element if it has this identifier octet. */
  optional(tag: number, what: string): DerReader | undefined {
    return this.peek() === tag ? this.any(what) : undefined;
  }

  /** What is left, as a view. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.at, this.end);
  }

  /** The number of bytes left. */
  get length(): number {
    return this.end - this.at;
  }
}
