import { PERMITTED_ALGORITHMS } from '../keys/permitted-algorithms.ts';
import type { PublicKeyInfo } from '../keys/public-key.ts';
import { prepareEntry } from '../prepare-entry.ts';
import type { SignedInput, VerifySignature } from '../signature/verify-signature.ts';
import { decodeWireRequest } from '../wire/decode-wire-request.ts';
import type { RequestRow } from './request-row.ts';
import { requestRows } from './request-rows.ts';

/** One call of a verifying port, and what it must answer. */
export interface SignatureRow {
  readonly name: string;
  readonly key: PublicKeyInfo;
  readonly input: SignedInput;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

/**
 * Good and bad signatures in the form in which a `VerifySignature` port sees them: the calls that the request rows lead
 * to, but for envelopes with several signatures, of which the row does not say which one is bad.
 */
export function signatureRows(): SignatureRow[] {
  return requestRows().flatMap((row) => {
    const [call] = hasSeveralSignatures(row) ? [] : callsOf(row);
    return call === undefined ? [] : [{ ...call, name: row.name, valid: row.expectWithDsse.body !== undefined }];
  });
}

function hasSeveralSignatures({ wire, expectWithDsse }: RequestRow): boolean {
  if (wire === undefined || expectWithDsse.code === 'malformed-request') return false;
  const message = decodeWireRequest(wire);
  return message.kind === 'dsse' && message.request.envelope?.signatures.length !== 1;
}

function callsOf({ json, wire }: RequestRow): Pick<SignatureRow, 'key' | 'input' | 'signature'>[] {
  const calls: Pick<SignatureRow, 'key' | 'input' | 'signature'>[] = [];
  const record: VerifySignature = (key, input, signature) => {
    calls.push({ key, input, signature });
    return true;
  };
  const rules = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: true };
  if (wire !== undefined) prepareEntry({ kind: 'proto', body: wire }, rules, record);
  else if (json !== undefined) prepareEntry({ kind: 'json', body: json }, rules, record);
  return calls;
}
