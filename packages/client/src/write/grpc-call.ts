import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';
import { concatBytes } from '@tilewright/core/bytes';
import { ClientError } from '../client-error.ts';
import { timeLimit } from '../http/time-limit.ts';

/** Where a gRPC server is. */
export interface GrpcTarget {
  /** `host:port`, or an `http://` or `https://` URL without path; only `https://` uses TLS. */
  readonly address: string;
  /** PEM certificates to trust instead of the platform's. */
  readonly ca?: string | undefined;
}

/** How a call ended on the wire. */
export interface GrpcReply {
  /** `grpc-status`; 0 is OK. */
  readonly status: number;
  readonly message: string;
  /** Headers and trailers together; trailers win. */
  readonly metadata: IncomingHttpHeaders;
  /** The reply message; present when the status is OK. */
  readonly body?: Uint8Array;
}

const PREFIX_BYTES = 5;

/**
 * Makes one unary gRPC call on a connection of its own (gRPC over HTTP/2, without compression).
 *
 * @param method `/package.Service/Method`
 * @throws ClientError `network`, `timeout`, `aborted`, `too-large`, `malformed`, `unsupported` for the address
 */
export async function unaryCall(
  target: GrpcTarget,
  method: string,
  message: Uint8Array,
  limits: { readonly timeoutMs: number; readonly maxReplyBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<GrpcReply> {
  const url = targetUrl(target.address);
  const limit = timeLimit(url, limits.timeoutMs, limits.signal);
  try {
    limit.signal.throwIfAborted();
    return await callOn(url, target.ca, method, message, limits, limit.signal);
  } catch (cause) {
    const reason = limit.reason(cause);
    if (reason !== undefined) throw reason;
    if (cause instanceof ClientError) throw cause;
    const why = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown reason';
    throw new ClientError('network', `${url} could not be reached: ${why}`, { cause });
  } finally {
    limit.end();
  }
}

function targetUrl(address: string): string {
  const url = URL.parse(/^https?:\/\//.test(address) ? address : `http://${address}`);
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ClientError(
      'unsupported',
      'the address of a gRPC server is host:port, or an http or https URL without path',
    );
  }
  return url.origin;
}

function callOn(
  url: string,
  ca: string | undefined,
  method: string,
  message: Uint8Array,
  limits: { readonly timeoutMs: number; readonly maxReplyBytes: number },
  within: AbortSignal,
): Promise<GrpcReply> {
  return new Promise((resolve, reject) => {
    const session: ClientHttp2Session = connect(url, ca === undefined ? {} : { ca });
    const settle = (finish: () => void): void => {
      within.removeEventListener('abort', onAbort);
      session.destroy();
      finish();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const onAbort = (): void => fail(within.reason);
    within.addEventListener('abort', onAbort, { once: true });
    session.on('error', fail);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: method,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${Math.ceil(limits.timeoutMs)}m`,
    });
    stream.on('error', fail);
    // After an answer this does nothing.
    stream.on('close', () => fail(new ClientError('network', 'the connection was closed before there was an answer')));
    collect(stream, limits.maxReplyBytes, (reply) => settle(() => resolve(reply)), fail);
    stream.end(frame(message));
  });
}

function collect(
  stream: ClientHttp2Stream,
  maxBytes: number,
  done: (reply: GrpcReply) => void,
  fail: (error: unknown) => void,
): void {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let metadata: IncomingHttpHeaders = {};
  stream.on('response', (headers) => {
    metadata = headers;
  });
  stream.on('trailers', (trailers) => {
    metadata = { ...metadata, ...trailers };
  });
  stream.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > maxBytes + PREFIX_BYTES)
      fail(new ClientError('too-large', `the reply is larger than ${maxBytes} bytes`));
  });
  stream.on('end', () => {
    try {
      done(replyOf(metadata, concatBytes(...chunks)));
    } catch (error) {
      fail(error);
    }
  });
}

function replyOf(metadata: IncomingHttpHeaders, data: Uint8Array): GrpcReply {
  const text = metadata['grpc-status'];
  if (typeof text !== 'string' || !/^\d{1,3}$/.test(text)) {
    const http = metadata[':status'];
    const isGrpc = metadata['content-type']?.startsWith('application/grpc') === true;
    if (http === undefined || isGrpc) throw new ClientError('network', 'the connection ended before the answer did');
    throw new ClientError('malformed', `the server does not speak gRPC: it answered with HTTP status ${http}`);
  }
  const status = Number(text);
  const raw = metadata['grpc-message'];
  const message = typeof raw === 'string' ? percentDecoded(raw) : '';
  if (status !== 0) return { status, message, metadata };
  return { status, message, metadata, body: unframed(data) };
}

function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(PREFIX_BYTES + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

function unframed(data: Uint8Array): Uint8Array {
  const length = data.length < PREFIX_BYTES ? -1 : new DataView(data.buffer, data.byteOffset).getUint32(1);
  if (data[0] !== 0 || length !== data.length - PREFIX_BYTES) {
    throw new ClientError('malformed', 'the reply is not one uncompressed gRPC message');
  }
  return data.subarray(PREFIX_BYTES);
}

/** Broken escapes stay as they are, as the gRPC specification asks. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
