import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './answer.ts';

/** Status for what node:http's parser and timers refuse below the API; 400 for all the rest. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_INVALID_VERSION: 505,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The request line of a request whose method node:http does not know. */
const UNKNOWN_METHOD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/1\.[01]\r?\n/;

/** Writes an answer on a bare socket and ends it. */
export function writeRaw(socket: Duplex, answer: Answer): void {
  const { status, contentType, body } = answer;
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${type}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.end(
    Buffer.concat([Buffer.from(head, 'latin1'), typeof body === 'string' ? Buffer.from(body, 'latin1') : body]),
  );
}

/** Method and target of a request that was refused for its unknown method, or nothing. */
export function unknownMethodOf(error: Error): { readonly method: string; readonly target: string } | undefined {
  if (!('code' in error) || error.code !== 'HPE_INVALID_METHOD' || !('rawPacket' in error)) return undefined;
  const { rawPacket } = error;
  if (!Buffer.isBuffer(rawPacket)) return undefined;
  const [, method, target] = UNKNOWN_METHOD.exec(rawPacket.toString('latin1', 0, 8192)) ?? [];
  return method === undefined || target === undefined ? undefined : { method, target };
}

/** The status and text for any other refusal. */
export function wireErrorAnswer(error: Error): Answer {
  const status = STATUS_OF['code' in error ? String(error.code) : ''] ?? 400;
  return { status, contentType: 'text/plain; charset=utf-8', body: `${status} ${STATUS_CODES[status] ?? ''}` };
}
