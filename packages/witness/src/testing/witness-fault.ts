import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { type Cosigner, cosignCheckpoint } from '@tilewright/core/cosignature';
import { sha256 } from '@tilewright/core/hash';
import { parseNote } from '@tilewright/core/note';
import { MAX_REQUEST_SIZE, parseAddCheckpoint, SIZE_CONTENT_TYPE } from '@tilewright/core/witness';
import { type Answer, refusal, textAnswer } from '../server/answer.ts';
import { readBody } from '../server/http/read-body.ts';
import { sendAnswer } from '../server/http/send-answer.ts';

/** What is wrong with a witness. */
export type WitnessFault =
  /** It does what it should, this much later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** It takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** It closes the connection. */
  | { readonly kind: 'down' }
  /** It has cosigned another size, it says, whatever it is asked. */
  | { readonly kind: 'wrong-size'; readonly size: number }
  /** It answers 200 with its own cosignature over another tree of that size. */
  | { readonly kind: 'forking' }
  /** It answers 200 with bytes that are no signature lines. */
  | { readonly kind: 'garbage' }
  /** It answers 200 and goes on for so many bytes. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** It refuses with this status. */
  | { readonly kind: 'status'; readonly status: number };

const PIECE = 64 * 1024;

/** Answers as a witness with the fault does; `good` is the witness without it. */
export function faultyHandler(
  good: RequestListener,
  fault: () => WitnessFault | undefined,
  cosigners: readonly Cosigner[],
  nowMs: () => number,
): RequestListener {
  return (request, response) => {
    const now = fault();
    const isWhole = now?.kind === 'slow' || now?.kind === 'down' || now?.kind === 'hang';
    // Those who only look are told the truth: that is how a lie about sizes is found out.
    if (now === undefined || (request.method !== 'POST' && !isWhole)) return good(request, response);
    if (now.kind === 'slow') {
      const timer = setTimeout(() => good(request, response), now.ms);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    readBody(request, MAX_REQUEST_SIZE)
      .then((body) => {
        const bytes = body.kind === 'whole' ? body.bytes : new Uint8Array();
        return misbehave(now, request, response, bytes, cosigners, nowMs);
      })
      .catch(() => response.destroy());
  };
}

async function misbehave(
  fault: Exclude<WitnessFault, { readonly kind: 'slow' }>,
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  cosigners: readonly Cosigner[],
  nowMs: () => number,
): Promise<void> {
  const send = (answer: Answer): void => sendAnswer(request, response, answer);
  switch (fault.kind) {
    case 'hang':
      return;
    case 'down':
      request.socket.destroy();
      return;
    case 'wrong-size':
      return send({ status: 409, contentType: SIZE_CONTENT_TYPE, body: encodeUtf8(`${fault.size}\n`) });
    case 'forking':
      return send(await forked(body, cosigners, nowMs()));
    case 'garbage':
      return send(textAnswer(200, '\u2014 nobody AAAA\n\nnot a signature\0'));
    case 'huge':
      return pour(response, fault.bytes);
    case 'status':
      return send(refusal(fault.status, 'no'));
  }
}

/** A cosignature that verifies, over a tree that is not the one in the request. */
async function forked(body: Uint8Array, cosigners: readonly Cosigner[], nowMs: number): Promise<Answer> {
  const checkpoint = parseCheckpoint(parseNote(parseAddCheckpoint(body).checkpoint).text);
  const other = { ...checkpoint, root: sha256(concatBytes(checkpoint.root, encodeUtf8('fork'))) };
  return textAnswer(200, await cosignCheckpoint(formatCheckpoint(other), cosigners, BigInt(Math.floor(nowMs / 1000))));
}

function pour(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  const piece = Buffer.alloc(PIECE, 0x41);
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= PIECE;
      if (!response.write(piece)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
