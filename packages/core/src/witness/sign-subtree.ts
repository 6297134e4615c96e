import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { parseDecimal } from '../bytes/decimal.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { type Checkpoint, parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { CoreError } from '../core-error.ts';
import { isSubtree } from '../merkle/subtree.ts';
import { verifySubtree } from '../merkle/subtree-proof.ts';
import type { NoteVerifier } from '../note/index.ts';
import { openNote, parseNote } from '../note/index.ts';
import { onLine } from '../on-line.ts';
import { joinProofRequest, splitProofRequest } from './proof-request.ts';

/** A part of a tree that a witness is asked to sign, on the strength of a checkpoint that it cosigned. */
export interface SignSubtreeRequest {
  readonly start: number;
  readonly end: number;
  readonly hash: Hash;
  /** That the subtree belongs to the checkpoint's tree; at most 63 hashes. */
  readonly proof: readonly Hash[];
  /** The checkpoint with this witness's own cosignature, byte for byte. */
  readonly checkpoint: Uint8Array;
}

/** What a witness answers. Only 200 may be signed: with timestamp 0, by a signature type that covers subtrees. */
export type SignSubtreeVerdict =
  | { readonly status: 200; readonly checkpoint: Checkpoint; readonly request: SignSubtreeRequest }
  | { readonly status: 400 | 403 | 404 | 422; readonly reason: string };

/**
 * Reads a request: `subtree <start> <end>`, its hash, proof lines, an empty line, the checkpoint.
 *
 * @throws CoreError `malformed`, `size-unsupported`
 */
export function parseSignSubtree(body: Uint8Array): SignSubtreeRequest {
  const { head, proof, checkpoint } = splitProofRequest(body, 2);
  const [first = '', hash = ''] = head;
  const [word, start, end, ...rest] = first.split(' ');
  if (word !== 'subtree' || start === undefined || end === undefined || rest.length > 0) {
    throw new CoreError('malformed', "line 1 is not 'subtree', a start and an end");
  }
  return {
    ...onLine(1, () => ({ start: parseDecimal(start), end: parseDecimal(end) })),
    hash: onLine(2, () => asHash(decodeBase64(hash))),
    proof,
    checkpoint,
  };
}

/** The body of a request. Throws CoreError `out-of-range` for more than 63 hashes. */
export function formatSignSubtree(request: SignSubtreeRequest): Uint8Array<ArrayBuffer> {
  const { start, end, hash, proof, checkpoint } = request;
  return joinProofRequest({ head: [`subtree ${start} ${end}`, encodeBase64(hash)], proof, checkpoint });
}

/**
 * Decides what a witness answers to a sign-subtree request (tlog-witness, "sign-subtree"). `ownOf` gives the keys under
 * which this witness cosigns checkpoints of an origin, or nothing for a log that it does not know.
 */
export function checkSignSubtree(
  body: Uint8Array,
  ownOf: (origin: string) => readonly NoteVerifier[] | undefined,
): SignSubtreeVerdict {
  let request: SignSubtreeRequest;
  let checkpoint: Checkpoint;
  try {
    request = parseSignSubtree(body);
    checkpoint = parseCheckpoint(parseNote(request.checkpoint).text);
  } catch (error) {
    return refusal(400, error);
  }
  const { start, end, hash, proof } = request;
  if (!isSubtree(start, end) || end > checkpoint.size) {
    return { status: 400, reason: `${start} to ${end} is not a subtree of a tree of ${checkpoint.size}` };
  }
  const own = ownOf(checkpoint.origin);
  if (own === undefined) return { status: 404, reason: 'no log of this origin is known here' };
  try {
    openNote(request.checkpoint, own);
  } catch (error) {
    return refusal(403, error);
  }
  try {
    verifySubtree(start, end, hash, checkpoint, proof);
  } catch (error) {
    return refusal(422, error);
  }
  return { status: 200, checkpoint, request };
}

function refusal(status: 400 | 403 | 422, error: unknown): SignSubtreeVerdict {
  if (!(error instanceof CoreError)) throw error;
  return { status, reason: error.message };
}
