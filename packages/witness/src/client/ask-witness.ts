import { asTreeSize, encodeHex, encodeUtf8, type Hash, type TreeSize } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { parseTimestampedSignature } from '@tilewright/core/cosignature';
import { CoreError } from '@tilewright/core/error';
import { sha256 } from '@tilewright/core/hash';
import type { NoteVerifier } from '@tilewright/core/note';
import { formatAddCheckpoint, openCosignatures, parseLatestSize, SIZE_CONTENT_TYPE } from '@tilewright/core/witness';
import type { WitnessReply, WitnessTransport } from './transport.ts';

/** A checkpoint for which cosignatures are wanted. */
export interface Submission {
  readonly origin: string;
  readonly size: number;
  /** Signed by the log alone. */
  readonly note: Uint8Array;
  /** Checks the log's own signature on what a witness shows. */
  readonly logVerifier: NoteVerifier;
  /** That the checkpoint continues `oldSize`: empty for 0 and for its own size. */
  prove(oldSize: number): Promise<readonly Hash[]>;
}

/** What one witness said to one checkpoint. */
export type WitnessAnswer =
  | { readonly line: string }
  | {
      /** Why there is no cosignature. */
      readonly refused: string;
      /** A checkpoint that the witness holds, signed by the log, which may contradict the one that it refused. */
      readonly seen?: Uint8Array | undefined;
    };

/** Conflicts in a row until a witness is not believed: one is ordinary, and another log's replica may make a second. */
const MOST_CONFLICTS = 3;

/**
 * Asks a witness for its cosignature: one request, or one more where it knows another size than we believe
 * (tlog-witness, "add-checkpoint"). `known` is that size; it is only a hint, and is brought up to date. Rejects with what
 * the transport rejects with.
 */
export async function askWitness(
  transport: WitnessTransport,
  url: string,
  verifier: NoteVerifier,
  submission: Submission,
  known: { size: number },
  signal: AbortSignal,
): Promise<WitnessAnswer> {
  if (known.size > submission.size) known.size = 0;
  for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
    const oldSize = known.size;
    const proof = await submission.prove(oldSize);
    const body = formatAddCheckpoint({ oldSize: asTreeSize(oldSize), proof, checkpoint: submission.note });
    const reply = await transport.post(`${url}/add-checkpoint`, body, signal);
    if (reply.status === 200) {
      const answer = cosignatureIn(reply.body, submission.note, verifier);
      if ('line' in answer) known.size = submission.size;
      return answer;
    }
    const latest = reply.status === 409 ? latestSize(reply) : undefined;
    if (latest === undefined) return refusal(transport, url, submission, reply.status, signal);
    if (latest > submission.size) {
      // Whoever holds a larger tree of this log got it from this key, or lies: only a signature tells.
      const refused = `holds a checkpoint of ${latest} entries, it says; this one has ${submission.size}`;
      return { refused, seen: await shownCheckpoint(transport, url, submission, signal) };
    }
    if (latest === oldSize) return { refused: `answered a conflict with the very size it was asked for, ${latest}` };
    known.size = latest;
  }
  known.size = 0;
  return { refused: `named another size in ${MOST_CONFLICTS} conflicts in a row` };
}

function cosignatureIn(body: Uint8Array, note: Uint8Array, verifier: NoteVerifier): WitnessAnswer {
  try {
    const [cosignature] = openCosignatures(note, body, [verifier]);
    if (cosignature === undefined) return { refused: 'answered without a cosignature of its key' };
    // Zero is what a log's own ML-DSA key writes: it does not say that the witness has seen nothing larger.
    if (parseTimestampedSignature(cosignature.signature).timestamp === 0n)
      return { refused: 'cosigned without a time' };
    return { line: cosignature.line };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { refused: `answered with what is no cosignature of its key over this checkpoint (${error.code})` };
  }
}

function latestSize({ contentType, body }: WitnessReply): TreeSize | undefined {
  if (contentType !== SIZE_CONTENT_TYPE) return undefined;
  try {
    return parseLatestSize(body);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

/** A witness that calls a proof of ours wrong holds another tree, or is broken: what it holds tells which. */
async function refusal(
  transport: WitnessTransport,
  url: string,
  submission: Submission,
  status: number,
  signal: AbortSignal,
): Promise<WitnessAnswer> {
  const refused = status === 409 ? 'answered a conflict without a size' : `answered with status ${status}`;
  return status === 422 ? { refused, seen: await shownCheckpoint(transport, url, submission, signal) } : { refused };
}

/** What the witness shows to monitors for this log, where the log's own key signed it; otherwise nothing. */
async function shownCheckpoint(
  transport: WitnessTransport,
  url: string,
  { origin, logVerifier }: Submission,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const { status, body } = await transport.get(`${url}/${encodeHex(sha256(encodeUtf8(origin)))}/checkpoint`, signal);
    if (status !== 200) return undefined;
    openCheckpoint(body, origin, logVerifier);
    return body;
  } catch {
    // It has nothing to show, or not this log's: a refusal without evidence.
    return undefined;
  }
}
