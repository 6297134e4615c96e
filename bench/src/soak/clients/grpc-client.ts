import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { fromBinary } from '@bufbuild/protobuf';
import { TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import { grpcFrame } from '../../parity/exchange/protobuf.ts';
import type { WriteAnswer } from './answer.ts';

const TIMEOUT_MS = 30_000;
const CLOSE_WITHIN_MS = 5_000;
const PREFIX_BYTES = 5;
/** Node counts what it could not send of a refused message for ever: with the usual 10 the third one of 4 MiB ends it all. */
const SESSION_MEGABYTES = 10_000;

/** Path of the one write method. */
export const CREATE_ENTRY = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';

/** Submits entries over one HTTP/2 connection, and lets callers break their own streams of it. */
export class GrpcClient {
  readonly #session: ClientHttp2Session;
  #failure: Error | undefined;

  /** `windowBytes` is what the server may send of each answer before it is read. */
  constructor(port: number, windowBytes = 65_535) {
    this.#session = connect(`http://127.0.0.1:${port}`, {
      settings: { initialWindowSize: windowBytes },
      maxSessionMemory: SESSION_MEGABYTES,
    });
    this.#session.on('error', (error) => {
      this.#failure = error;
    });
  }

  /** Rejects when no status comes. */
  submit(message: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<WriteAnswer> {
    return this.exchange(grpcFrame(message), headers);
  }

  /** Sends bytes as they are, and the end of the stream, and reads the answer. Rejects when no status comes. */
  async exchange(data: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<WriteAnswer> {
    const stream = this.open(headers);
    const answer = readAnswer(stream);
    stream.end(data);
    return answer;
  }

  /** A stream with its headers sent; errors on it are swallowed. */
  open(headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
    if (this.#failure !== undefined) throw this.#failure;
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': CREATE_ENTRY,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => undefined);
    return stream;
  }

  /** Calls `listener` when the connection is closed, by whoever. */
  onClose(listener: () => void): void {
    this.#session.once('close', listener);
  }

  /** Closes the connection when its streams are done, or breaks it when they are not soon. */
  async close(): Promise<void> {
    const session = this.#session;
    if (session.destroyed) return;
    const timer = setTimeout(() => session.destroy(), CLOSE_WITHIN_MS);
    // Not by the callback of `close`: it is not called when the server has said goodbye before.
    const closed = once(session, 'close');
    session.close();
    await closed;
    clearTimeout(timer);
  }

  /** Breaks the connection, with whatever is under way. */
  destroy(): void {
    this.#session.destroy();
  }
}

/** Reads one unary answer from a stream. Rejects when the stream ends without a status. */
export function readAnswer(stream: ClientHttp2Stream): Promise<WriteAnswer> {
  return new Promise((resolve, reject) => {
    const seen: IncomingHttpHeaders = {};
    const data: Buffer[] = [];
    const keep = (headers: IncomingHttpHeaders): void => void Object.assign(seen, headers);
    stream.setTimeout(TIMEOUT_MS, () => stream.close());
    stream.on('response', keep);
    stream.on('trailers', keep);
    stream.on('data', (chunk: Buffer) => data.push(chunk));
    stream.on('close', () => {
      const status = seen['grpc-status'];
      if (status === undefined) reject(new Error(`the stream ended without a status (reset code ${stream.rstCode})`));
      else resolve(answerOf(Number(status), seen, Buffer.concat(data)));
    });
  });
}

function answerOf(status: number, headers: IncomingHttpHeaders, data: Buffer): WriteAnswer {
  const known = headers['x-log-index'];
  const message = headers['grpc-message'];
  const base = { transport: 'grpc', status, message: decodeURIComponent(String(message ?? '')) } as const;
  if (status !== 0) return { ...base, index: known === undefined ? undefined : Number(known), body: undefined };
  const entry = fromBinary(TransparencyLogEntrySchema, data.subarray(PREFIX_BYTES));
  const proof = entry.inclusionProof;
  return {
    ...base,
    index: Number(entry.logIndex),
    body: entry.canonicalizedBody,
    proof: proof && {
      hashes: proof.hashes,
      treeSize: Number(proof.treeSize),
      rootHash: proof.rootHash,
      checkpoint: Buffer.from(proof.checkpoint?.envelope ?? ''),
    },
  };
}
