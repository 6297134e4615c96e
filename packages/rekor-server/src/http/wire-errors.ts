import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Answer, badRequest } from './answer.ts';

/** A refusal below the API: a status and a text, without length; the connection ends behind it, as Go's net/http writes it. */
export interface WireError {
  readonly status: number;
  readonly text: string;
}

/** Bytes that keep coming after a refusal are dropped for this long, so that the refusal arrives. */
const LINGER_MS = 500;

/** The request line of a request whose method node:http does not know. */
const UNKNOWN_METHOD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/1\.[01]\r?\n/;

/** Refusals by the code of node:http's parser or timer; 400 for every other one. */
const BY_CODE: Readonly<Record<string, WireError>> = {
  HPE_HEADER_OVERFLOW: { status: 431, text: '431 Request Header Fields Too Large' },
  HPE_INVALID_VERSION: { status: 505, text: '505 HTTP Version Not Supported: unsupported protocol version' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, text: '408 Request Timeout' },
};

/** What a request gets whose request line or framing makes no sense. */
export const BAD_REQUEST: WireError = { status: 400, text: '400 Bad Request' };
/** A method that is not HTTP/1.x. */
export const UNSUPPORTED_VERSION: WireError = {
  status: 505,
  text: '505 HTTP Version Not Supported: unsupported protocol version',
};
/** HTTP/1.1 demands the header. */
export const MISSING_HOST: WireError = { status: 400, text: '400 Bad Request: missing required Host header' };

function end(socket: Duplex, head: string, body: string | Uint8Array): void {
  socket.end(
    Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), typeof body === 'string' ? Buffer.from(body) : body]),
  );
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Writes a refusal on a bare connection and ends it. */
export function refuse(socket: Duplex, { status, text }: WireError): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`;
  end(socket, `${head}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close`, text);
}

/** Writes an answer of the API on a bare connection and ends it: the parser cannot go on there. */
export function answerRaw(socket: Duplex, { status, contentType, body, close }: Answer): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${contentType}`;
  const connection = close === true ? '\r\nConnection: close' : '';
  end(socket, `${head}\r\nContent-Length: ${body.length}${connection}`, body);
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

function packetOf(error: Error): string {
  return 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 16_384) : '';
}

/** Target of a request that was refused for its unknown method, or nothing. */
export function unknownMethodTarget(error: Error): string | undefined {
  return codeOf(error) === 'HPE_INVALID_METHOD' ? UNKNOWN_METHOD.exec(packetOf(error))?.[2] : undefined;
}

/** Whether a header line has a name that is no token, which Go tells from a line without a colon. */
function hasBadHeaderName(error: Error): boolean {
  if (codeOf(error) !== 'HPE_INVALID_HEADER_TOKEN') return false;
  const [, ...lines] = packetOf(error).split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];
  const bad = lines.find((line) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/.test(line));
  return bad?.includes(':') ?? false;
}

/** Whether a body is coded in a way that nobody asked for; `chunked` beside a length is ambiguous instead, and refused as such. */
function hasUnknownCoding(error: Error): boolean {
  if (codeOf(error) !== 'HPE_INVALID_TRANSFER_ENCODING') return false;
  return !/\r\ntransfer-encoding:[^\r]*chunked/i.test(packetOf(error));
}

/** What a failure of node:http's parser or timers is answered with. */
export function wireErrorOf(error: Error): WireError {
  if (hasUnknownCoding(error)) return { status: 501, text: 'Unsupported transfer encoding' };
  if (hasBadHeaderName(error)) return { status: 400, text: '400 Bad Request: invalid header name' };
  return BY_CODE[codeOf(error)] ?? BAD_REQUEST;
}

/** A body whose chunks are broken is told so in JSON: that is where grpc-gateway finds out. */
export function brokenChunk(error: Error): Answer | undefined {
  if (codeOf(error) !== 'HPE_INVALID_CHUNK_SIZE') return undefined;
  return { ...badRequest('invalid byte in chunk length'), close: true };
}
