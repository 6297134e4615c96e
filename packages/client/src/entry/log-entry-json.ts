import { fromJson, type JsonValue as MessageJson } from '@bufbuild/protobuf';
import { decodeUtf8, encodeBase64 } from '@tilewright/core/bytes';
import { type TransparencyLogEntry, TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import type { JsonValue } from '@tilewright/trust';
import { ClientError } from '../client-error.ts';
import type { LogEntry } from './verify-log-entry.ts';

/**
 * Reads a TransparencyLogEntry from JSON that was parsed strictly; a field that it does not have is an error.
 * @throws ClientError `malformed`
 */
export function logEntryFromJson(json: JsonValue): TransparencyLogEntry {
  try {
    return fromJson(TransparencyLogEntrySchema, json as MessageJson);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown reason';
    throw new ClientError('malformed', `not a TransparencyLogEntry: ${reason}`, { cause });
  }
}

/**
 * A verified entry as bundles hold it: protobuf JSON with 64-bit numbers as strings. The index is written even when it
 * is 0, and a time and a promise never: so every client reads it.
 */
export function logEntryToJson(entry: LogEntry): object {
  return {
    logIndex: String(entry.index),
    logId: { keyId: encodeBase64(entry.logId) },
    kindVersion: { kind: entry.kindVersion.kind, version: entry.kindVersion.version },
    inclusionProof: {
      logIndex: String(entry.index),
      rootHash: encodeBase64(entry.checkpoint.root),
      treeSize: String(entry.checkpoint.size),
      hashes: entry.proof.map(encodeBase64),
      checkpoint: { envelope: decodeUtf8(entry.checkpoint.note) },
    },
    canonicalizedBody: encodeBase64(entry.body),
  };
}
