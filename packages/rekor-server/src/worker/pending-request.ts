import { asHash } from '@tilewright/core/bytes';
import type { EntryRequest, PreparedEntry, RefusedEntry } from '@tilewright/rekor-entry';
import { PrepareError } from '../service/entry-preparer.ts';
import { Outcome, type RequestBatch, type ResultBatch } from './messages.ts';

/** A request and whoever waits for its outcome. */
export interface PendingRequest {
  readonly request: EntryRequest;
  readonly resolve: (outcome: PreparedEntry | RefusedEntry) => void;
  readonly reject: (error: PrepareError) => void;
}

/** Puts requests one behind the other. */
export function packRequests(id: number, requests: readonly PendingRequest[]): RequestBatch {
  const lengths = new Uint32Array(requests.length);
  const isProto = new Uint8Array(requests.length);
  let size = 0;
  for (const [i, { request }] of requests.entries()) {
    lengths[i] = request.body.length;
    isProto[i] = request.kind === 'proto' ? 1 : 0;
    size += request.body.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const { request } of requests) {
    bytes.set(request.body, at);
    at += request.body.length;
  }
  return { id, bytes, lengths, isProto };
}

/** Tells every request of a batch its outcome. Bodies and hashes are views of the batch's bytes. */
export function settleRequests(requests: readonly PendingRequest[], results: ResultBatch): void {
  let at = 0;
  let refused = 0;
  let crashed = 0;
  for (const [i, { resolve, reject }] of requests.entries()) {
    switch (results.outcomes[i]) {
      case Outcome.hashedrekord:
      case Outcome.dsse: {
        const end = at + 32 + (results.lengths[i] ?? 0);
        const leafHash = asHash(results.bytes.subarray(at, at + 32));
        const body = results.bytes.subarray(at + 32, end);
        const kind = results.outcomes[i] === Outcome.dsse ? 'dsse' : 'hashedrekord';
        resolve({ ok: true, kind, version: '0.0.2', body, leafHash });
        at = end;
        break;
      }
      case Outcome.refused: {
        const refusal = results.refusals[refused++];
        if (refusal !== undefined) resolve(refusal);
        break;
      }
      default:
        reject(new PrepareError('internal', `a request could not be checked: ${results.crashes[crashed++]}`));
    }
  }
}
