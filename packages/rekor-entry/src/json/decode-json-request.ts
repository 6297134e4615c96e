import { EntryError } from '../entry-error.ts';
import { type EntryMessage, NO_ENTRY } from '../message/entry-message.ts';
import { firstValueError } from './first-value.ts';
import { JsonFault } from './json-fault.ts';
import { JsonReader } from './json-reader.ts';
import { readEntryMessage } from './read-entry-message.ts';

/**
 * The CreateEntryRequest in the first JSON value of an HTTP body (ProtoJSON, as Go's protojson reads it behind
 * grpc-gateway). What follows that value is ignored; a body of white space, or of nothing, asks for nothing.
 *
 * @throws EntryError `malformed-request` with the message that the client sees.
 */
export function decodeJsonRequest(body: Uint8Array): EntryMessage {
  const reader = new JsonReader(body);
  if (reader.peek() === -1) return NO_ENTRY;
  const start = reader.at;
  try {
    return readEntryMessage(reader);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    // Two judges in a row: bad syntax anywhere in the value comes before a bad field further up.
    const syntax = firstValueError(body);
    const message = syntax?.message ?? protojsonMessage(body, start, cause);
    throw new EntryError('malformed-request', message, { cause });
  }
}

function protojsonMessage(body: Uint8Array, start: number, fault: JsonFault): string {
  const prefix = fault.kind === 'syntax' ? 'syntax error ' : '';
  return `proto: ${prefix}(${position(body, start, fault.at)}): ${fault.message}`;
}

/** Line and column in the value, both from 1; columns count characters. */
function position(body: Uint8Array, start: number, at: number): string {
  let line = 1;
  let column = 1;
  for (let i = start; i < at; i++) {
    const byte = body[i] ?? 0;
    if (byte === 0x0a) {
      line++;
      column = 1;
    } else if (byte < 0x80 || byte >= 0xc0) {
      column++;
    }
  }
  return `line ${line}:${column}`;
}
