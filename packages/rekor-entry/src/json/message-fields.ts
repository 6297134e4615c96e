import { JsonFault } from './json-fault.ts';
import type { JsonReader } from './json-reader.ts';

/** A field of a message as ProtoJSON knows it. */
export interface JsonField {
  /** lowerCamel, as in messages about errors. */
  readonly jsonName: string;
  /** As in the .proto file; the same as `jsonName` when that has no underscore. */
  readonly protoName: string;
  /** Whether it is a member of the message's oneof. */
  readonly inOneof: boolean;
}

interface FieldName {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly index: number;
}

/** The fields of one message, to be found by either name. A field's index is its place in the list; at most 31. */
export class MessageFields {
  readonly fields: readonly JsonField[];
  /** The message's oneof, fully qualified; empty when it has none. None of ours has two. */
  readonly oneof: string;
  readonly #names: readonly FieldName[];

  constructor(fields: readonly JsonField[], oneof = '') {
    this.fields = fields;
    this.oneof = oneof;
    this.#names = fields.flatMap(({ jsonName, protoName }, index) =>
      [...new Set([jsonName, protoName])].map((text) => ({ bytes: asciiBytes(text), text, index })),
    );
  }

  /** Reads the name that is the next token, with its colon; returns the field's index, or -1 for an unknown name. */
  readName(reader: JsonReader): number {
    const index = this.#readPlain(reader);
    const found = index !== -1 ? index : this.#readEscaped(reader);
    reader.expect(0x3a);
    return found;
  }

  #readPlain(reader: JsonReader): number {
    const { bytes, at } = reader;
    const start = at + 1;
    for (const name of this.#names) {
      const { length } = name.bytes;
      if (bytes[start + length] !== 0x22 || !startsWith(bytes, start, name.bytes)) continue;
      reader.at = start + length + 1;
      return name.index;
    }
    return -1;
  }

  #readEscaped(reader: JsonReader): number {
    const text = reader.string();
    return this.#names.find((name) => name.text === text)?.index ?? -1;
  }
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) {
    if (bytes[at + i] !== prefix[i]) return false;
  }
  return true;
}

/**
 * Reads an object: calls `read` with the index of each field that has a value other than null, the value being the
 * next token. As protojson: an unknown name, a name given twice in either spelling (null counts), and a second member
 * of the oneof (null does not count) are refused.
 */
export function readFields(reader: JsonReader, message: MessageFields, read: (index: number) => void): void {
  reader.expect(0x7b);
  if (reader.accept(0x7d)) return;
  let seen = 0;
  let oneofIsSet = false;
  for (;;) {
    if (reader.peek() !== 0x22) throw reader.unexpected();
    const nameAt = reader.at;
    const index = message.readName(reader);
    const field = message.fields[index];
    if (field === undefined) throw new JsonFault('value', nameAt, `unknown field ${reader.tokenText(nameAt)}`);
    const bit = 1 << index;
    if ((seen & bit) !== 0) throw new JsonFault('value', nameAt, `duplicate field ${reader.tokenText(nameAt)}`);
    seen |= bit;
    if (!reader.acceptNull()) {
      if (field.inOneof && oneofIsSet) {
        const token = reader.tokenText(nameAt);
        throw new JsonFault('value', nameAt, `error parsing ${token}, oneof ${message.oneof} is already set`);
      }
      oneofIsSet ||= field.inOneof;
      read(index);
    }
    if (reader.accept(0x7d)) return;
    reader.expect(0x2c);
  }
}
