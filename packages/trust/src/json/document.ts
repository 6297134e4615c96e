import { decodeUtf8 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { TrustError } from '../trust-error.ts';
import { type JsonValue, parseStrictJson } from './strict-json.ts';

/** Real documents have a few kilobytes; this bounds what a hostile one can cost. */
const MAX_DOCUMENT_LENGTH = 4 * 1024 * 1024;

/**
 * Parses a document of at most 4 MiB.
 * @throws TrustError `malformed`, `duplicate`
 */
export function parseDocument(json: string | Uint8Array): JsonValue {
  if (json.length > MAX_DOCUMENT_LENGTH) {
    throw new TrustError('malformed', '', `the document is larger than ${MAX_DOCUMENT_LENGTH} bytes`);
  }
  return parseStrictJson(typeof json === 'string' ? json : text(json));
}

/** Two-space JSON with a final newline, fields in the order in which they were set; `undefined` fields are left out. */
export function formatDocument(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function text(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new TrustError('malformed', '', 'the document is not UTF-8', { cause });
  }
}
