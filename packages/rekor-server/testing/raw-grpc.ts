import { connect, type IncomingHttpHeaders } from 'node:http2';

/** One gRPC answer, as it came over the wire. */
export interface RawGrpcAnswer {
  readonly headers: IncomingHttpHeaders;
  /** Of the trailers, or of the headers when they end the call. */
  readonly status: number | undefined;
  readonly message: string | undefined;
  readonly trailers: IncomingHttpHeaders;
  readonly data: Buffer;
}

/** A message with its five-byte prefix. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Path of a method of the Rekor service. */
export const rekorMethod = (method: string): string => `/dev.sigstore.rekor.v2.Rekor/${method}`;

/** Headers without what node:http2 adds under a symbol. */
function named(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers));
}

/** Makes one call on a fresh connection; `headers` replace the usual ones. */
export function rawGrpc(
  port: number,
  path: string,
  data: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawGrpcAnswer> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const usual = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request({ ...usual, ...headers });
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (received) => {
      head = named(received);
    });
    stream.on('trailers', (received) => {
      trailers = named(received);
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => undefined);
    stream.on('close', () => {
      session.destroy();
      const status = trailers['grpc-status'] ?? head['grpc-status'];
      const message = trailers['grpc-message'] ?? head['grpc-message'];
      resolve({
        headers: head,
        trailers,
        data: Buffer.concat(chunks),
        status: status === undefined ? undefined : Number(status),
        message: typeof message === 'string' ? decodeURIComponent(message) : undefined,
      });
    });
    stream.end(data);
  });
}
