import {
  type EntryRequest,
  type EntryRules,
  type PreparedEntry,
  prepareEntry,
  type RefusedEntry,
  type VerifySignature,
} from '@tilewright/rekor-entry';
import { Outcome, type RequestBatch, type ResultBatch } from './messages.ts';

/** Bytes of a leaf hash. */
const HASH_BYTES = 32;

function packBodies(prepared: readonly PreparedEntry[]): Uint8Array<ArrayBuffer> {
  const size = prepared.reduce((sum, { body }) => sum + HASH_BYTES + body.length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const { leafHash, body } of prepared) {
    bytes.set(leafHash, at);
    bytes.set(body, at + HASH_BYTES);
    at += HASH_BYTES + body.length;
  }
  return bytes;
}

/** Prepares every request of a batch. An exception spoils its own request only. */
export function prepareBatch(batch: RequestBatch, rules: EntryRules, verify: VerifySignature): ResultBatch {
  const count = batch.lengths.length;
  const outcomes = new Uint8Array(count);
  const lengths = new Uint32Array(count);
  const accepted: PreparedEntry[] = [];
  const refusals: RefusedEntry[] = [];
  const crashes: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = at + (batch.lengths[i] ?? 0);
    const kind: EntryRequest['kind'] = batch.isProto[i] === 1 ? 'proto' : 'json';
    try {
      const entry = prepareEntry({ kind, body: batch.bytes.subarray(at, end) }, rules, verify);
      if (entry.ok) {
        accepted.push(entry);
        outcomes[i] = Outcome[entry.kind];
        lengths[i] = entry.body.length;
      } else {
        refusals.push(entry);
        outcomes[i] = Outcome.refused;
      }
    } catch (error) {
      crashes.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      outcomes[i] = Outcome.crashed;
    }
    at = end;
  }
  return { type: 'results', id: batch.id, outcomes, lengths, bytes: packBodies(accepted), refusals, crashes };
}
