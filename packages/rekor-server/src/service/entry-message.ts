import { create } from '@bufbuild/protobuf';
import { type TransparencyLogEntry, TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import type { LogEntry } from './log-entry.ts';

/** Builds the protobuf message of an entry. `logId` is the full 32-byte key hash. */
export function entryMessage(entry: LogEntry, logId: Uint8Array): TransparencyLogEntry {
  const { tree, note } = entry.publication;
  return create(TransparencyLogEntrySchema, {
    logIndex: BigInt(entry.index),
    logId: { keyId: logId },
    kindVersion: { kind: entry.kind, version: entry.version },
    inclusionProof: {
      logIndex: BigInt(entry.index),
      rootHash: tree.root,
      treeSize: BigInt(tree.size),
      hashes: [...entry.proof],
      checkpoint: { envelope: Buffer.from(note).toString('utf8') },
    },
    canonicalizedBody: entry.body,
  });
}
