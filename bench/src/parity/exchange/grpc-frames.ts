import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { Answer, FramesRow } from '../row.ts';
import { plainSpaces } from './grpc-call.ts';

const TIMEOUT_MS = 10_000;

/**
 * One gRPC exchange over plain HTTP/2, for requests that no client library would send.
 * Headers and trailers are merged: where a status travels is framing that clients do not see.
 */
export function exchangeFrames(port: number, row: FramesRow): Promise<Answer> {
  return new Promise((resolve) => {
    const fields: Record<string, string> = {};
    const data: Buffer[] = [];
    const session = connect(`http://127.0.0.1:${port}`);
    const finish = (): void => {
      clearTimeout(timer);
      session.destroy();
      if (data.length > 0) fields.response = Buffer.concat(data).toString('hex');
      resolve(fields);
    };
    const timer = setTimeout(() => {
      fields.failure = 'no answer';
      finish();
    }, TIMEOUT_MS);
    session.on('error', (error) => {
      fields.failure = error.message;
      finish();
    });
    const stream = session.request({
      ':method': 'POST',
      ':path': row.method,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...row.headers,
    });
    stream.on('response', (headers) => keep(fields, headers));
    stream.on('trailers', (headers) => keep(fields, headers));
    stream.on('data', (chunk: Buffer) => data.push(chunk));
    stream.on('error', (error) => {
      fields.failure = error.message;
    });
    stream.on('close', finish);
    stream.end(row.data);
  });
}

function keep(fields: Record<string, string>, headers: IncomingHttpHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'date' || name === 'content-type' || value === undefined) continue;
    if (name === ':status') fields['http-status'] = String(value);
    else if (name === 'grpc-status') fields.status = String(value);
    else if (name === 'grpc-message') {
      // Of success, the message says nothing (gRPC over HTTP/2, Responses).
      if (value !== '' && headers['grpc-status'] !== '0')
        fields.message = plainSpaces(decodeURIComponent(String(value)));
    } else fields[`metadata:${name}`] = String(value);
  }
}
