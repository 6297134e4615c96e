import { leafHash } from '@tilewright/core/hash';
import { dsseEntry } from './dsse/dsse-entry.ts';
import { EntryError } from './entry-error.ts';
import type { EntryRequest, EntryRules, PreparedEntry, RefusedEntry } from './entry-types.ts';
import { hashedrekordEntry } from './hashedrekord/hashedrekord-entry.ts';
import { decodeJsonRequest } from './json/decode-json-request.ts';
import type { EntryMessage } from './message/entry-message.ts';
import type { VerifySignature } from './signature/verify-signature.ts';
import { decodeWireRequest } from './wire/decode-wire-request.ts';

const INVALID_ARGUMENT = 3;
const INTERNAL = 13;

/**
 * Decodes a request, verifies it and writes the leaf (rekor-tiles, CreateEntry up to the log). A pure function of its
 * arguments: it may run in any thread. It never throws for what a client sent, only if the port does.
 */
export function prepareEntry(
  request: EntryRequest,
  rules: EntryRules,
  verify: VerifySignature,
): PreparedEntry | RefusedEntry {
  let message: EntryMessage;
  try {
    message = request.kind === 'json' ? decodeJsonRequest(request.body) : decodeWireRequest(request.body);
  } catch (error) {
    const { message: problem } = asEntryError(error);
    if (request.kind === 'json') return refused(error, problem);
    return { ...refused(error, `grpc: error unmarshalling request: ${problem}`), grpcCode: INTERNAL };
  }
  if (message.kind === 'none' || (message.kind === 'dsse' && !rules.acceptDsse)) return refusedType(rules);
  try {
    const body =
      message.kind === 'hashedrekord'
        ? hashedrekordEntry(message.request, rules.algorithms, verify)
        : dsseEntry(message.request, rules.algorithms, verify);
    return { ok: true, kind: message.kind, version: '0.0.2', body, leafHash: leafHash(body) };
  } catch (error) {
    return refused(error, `invalid ${message.kind} request`);
  }
}

function refusedType({ acceptDsse }: EntryRules): RefusedEntry {
  const message = `invalid type, must be ${acceptDsse ? 'either hashedrekord or dsse' : 'hashedrekord'}`;
  return { ok: false, grpcCode: INVALID_ARGUMENT, message, detail: message, code: 'unknown-type' };
}

function refused(error: unknown, message: string): RefusedEntry {
  const { code, message: detail } = asEntryError(error);
  return { ok: false, grpcCode: INVALID_ARGUMENT, message, detail, code };
}

function asEntryError(error: unknown): EntryError {
  if (error instanceof EntryError) return error;
  throw error;
}
