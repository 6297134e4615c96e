import { type DerReader, malformed, Tag } from './der-reader.ts';

/**
 * Reads an INTEGER of any sign; its two's complement bytes, at least one, in the fewest (X.690 8.3.2).
 */
export function readInteger(source: DerReader, what: string, tag: number = Tag.integer): Uint8Array {
  const bytes = source.read(tag, what).rest();
  const [first, second] = bytes;
  if (first === undefined) throw malformed(what);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw malformed(what);
  return bytes;
}

/** Whether an integer that `readInteger` returned is below zero. */
export function isNegative(integer: Uint8Array): boolean {
  return (integer[0] ?? 0) >= 0x80;
}

/** Reads a BOOLEAN: 00 or ff (X.690 11.1). */
export function readBoolean(source: DerReader, what: string): boolean {
  const content = source.read(Tag.boolean, what).rest();
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw malformed(what);
  return content[0] === 0xff;
}

/** Reads an OBJECT IDENTIFIER; its content octets, which name it uniquely. Each arc fits 31 bits. */
export function readOid(source: DerReader, what: string): Uint8Array {
  const bytes = source.read(Tag.oid, what).rest();
  if (bytes.length === 0) throw malformed(what);
  let arc = 0;
  let octets = 0;
  for (const byte of bytes) {
    if (octets === 0 && byte === 0x80) throw malformed(what);
    arc = arc * 128 + (byte % 128);
    octets++;
    if (arc >= 2 ** 31) throw malformed(what);
    if (byte < 0x80) {
      arc = 0;
      octets = 0;
    }
  }
  if (octets !== 0) throw malformed(what);
  return bytes;
}

/** A BIT STRING: whole bytes, the unused bits at the end of the last one being zero. */
export interface BitString {
  readonly bytes: Uint8Array;
  /** 0 to 7. */
  readonly unusedBits: number;
}

/** Reads a BIT STRING (X.690 8.6, 11.2). */
export function readBitString(source: DerReader, what: string): BitString {
  const content = source.read(Tag.bitString, what).rest();
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7) throw malformed(what);
  const bytes = content.subarray(1);
  const last = bytes.at(-1);
  if (last === undefined ? unusedBits !== 0 : last % 2 ** unusedBits !== 0) throw malformed(what);
  return { bytes, unusedBits };
}

/** The bits as a number's: moved to the right end, zeros in front. Go reads keys in BIT STRINGs so. */
export function rightAligned({ bytes, unusedBits }: BitString): Uint8Array {
  if (unusedBits === 0) return bytes;
  const scale = 2 ** unusedBits;
  return bytes.map((byte, i) => Math.floor((byte + 256 * (bytes[i - 1] ?? 0)) / scale) % 256);
}
