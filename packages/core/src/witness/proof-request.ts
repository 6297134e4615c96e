import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { onLine } from '../on-line.ts';

/** Hashes of a proof that a request may carry (tlog-witness, "add-checkpoint": a client sends no more). */
export const MAX_PROOF_LINES = 63;
/** Bytes of a whole request: four ML-DSA signatures take 13 kB, and some logs carry many more. */
export const MAX_REQUEST_SIZE: number = 128 * 1024;

/** A request's parts: lines, then a proof, an empty line, and a signed checkpoint. */
export interface ProofRequest {
  /** What comes before the proof. */
  readonly head: readonly string[];
  readonly proof: readonly Hash[];
  /** The signed checkpoint, byte for byte; not parsed. */
  readonly checkpoint: Uint8Array;
}

/**
 * Splits a request of `headLines` lines, at most 63 proof lines, an empty line and a signed checkpoint.
 *
 * @throws CoreError `malformed`, naming the line.
 */
export function splitProofRequest(body: Uint8Array, headLines: number): ProofRequest {
  if (body.length > MAX_REQUEST_SIZE) {
    throw new CoreError('malformed', `a request has at most ${MAX_REQUEST_SIZE} bytes, this one has ${body.length}`);
  }
  const text = decodeUtf8(body);
  const end = text.indexOf('\n\n');
  if (end < 0) throw new CoreError('malformed', 'no empty line stands between the proof and the checkpoint');
  const lines = text.slice(0, end).split('\n', headLines + MAX_PROOF_LINES + 1);
  if (lines.length < headLines) throw new CoreError('malformed', `the request begins with ${headLines} lines`);
  if (lines.length > headLines + MAX_PROOF_LINES) {
    throw new CoreError('malformed', `a proof has at most ${MAX_PROOF_LINES} lines`);
  }
  const proof = lines.slice(headLines).map((line, at) => onLine(headLines + at + 1, () => asHash(decodeBase64(line))));
  return { head: lines.slice(0, headLines), proof, checkpoint: encodeUtf8(text.slice(end + 2)) };
}

/**
 * The bytes of a request.
 *
 * @throws CoreError `out-of-range` for more than 63 hashes.
 */
export function joinProofRequest({ head, proof, checkpoint }: ProofRequest): Uint8Array<ArrayBuffer> {
  if (proof.length > MAX_PROOF_LINES) {
    throw new CoreError('out-of-range', `a proof has at most ${MAX_PROOF_LINES} hashes, this one ${proof.length}`);
  }
  const lines = [...head, ...proof.map((hash) => encodeBase64(hash)), '', ''];
  return concatBytes(encodeUtf8(lines.join('\n')), checkpoint);
}
