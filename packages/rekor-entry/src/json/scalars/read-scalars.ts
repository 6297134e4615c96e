import { encodeUtf8 } from '@tilewright/core/bytes';
import { PublicKeyDetails } from '@tilewright/rekor-proto';
import { JsonFault } from '../json-fault.ts';
import type { JsonReader } from '../json-reader.ts';
import { decodeBase64LikeGo, decodePlain } from './base64-like-go.ts';
import { int32OfLiteral } from './int32-literal.ts';

const KEY_DETAILS: ReadonlyMap<string, number> = new Map(Object.entries(PublicKeyDetails));

/** Reads a bytes field. `field` is its JSON name, for messages. */
export function readBytes(reader: JsonReader, field: string): Uint8Array {
  if (reader.peek() !== 0x22) throw invalid(reader, reader.at, 'bytes', field);
  const { bytes, at: start } = reader;
  const quote = bytes.indexOf(0x22, start + 1);
  const plain = quote === -1 ? undefined : decodePlain(bytes, start + 1, quote);
  if (plain !== undefined) {
    // All of it is of the alphabet: neither an escape nor a control character can be inside.
    reader.at = quote + 1;
    return plain;
  }
  const text = encodeUtf8(reader.string());
  const decoded = decodeBase64LikeGo(text, 0, text.length);
  if (decoded === undefined) throw invalid(reader, start, 'bytes', field);
  return decoded;
}

/** Reads a string field. */
export function readString(reader: JsonReader, field: string): string {
  if (reader.peek() !== 0x22) throw invalid(reader, reader.at, 'string', field);
  return reader.string();
}

/** Reads a PublicKeyDetails field: a name of the enum, or any integer of 32 bits. */
export function readKeyDetails(reader: JsonReader, field: string): number {
  const char = reader.peek();
  const start = reader.at;
  let value: number | undefined;
  if (char === 0x22) {
    value = KEY_DETAILS.get(reader.string());
  } else {
    const literal = reader.literal();
    value = int32OfLiteral(literal);
    reader.at += literal.length;
  }
  if (value === undefined) throw invalid(reader, start, 'enum', field);
  return value;
}

function invalid(reader: JsonReader, at: number, type: string, field: string): JsonFault {
  return new JsonFault('value', at, `invalid value for ${type} field ${field}: ${reader.tokenText(at)}`);
}
