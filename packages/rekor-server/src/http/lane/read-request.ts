import type { RequestFacts } from '../request/request-facts.ts';

/** A request that is wholly there, in the plainest form that HTTP/1.1 has. */
export interface PlainRequest {
  readonly path: string;
  readonly head: PlainHead;
  readonly facts: RequestFacts;
  readonly body: Buffer;
  /** Bytes of all of it. */
  readonly length: number;
}

/** Plain headers, and what they say. */
export interface PlainHead {
  readonly headers: string;
  /** Bytes of names and values, the host's name left out. */
  readonly size: number;
  readonly bodyBytes: number | undefined;
}

/** What goes the short way. */
export interface PlainRoutes {
  /** The path of POST requests. */
  readonly writePath: string;
  /** Longer bodies go the long way. */
  readonly maxBodyBytes: number;
  /** Whether GET requests for the path do. */
  reads(path: string): boolean;
}

/** The longest head that is looked at. */
const MAX_HEAD_BYTES = 8192;
const MAX_LINE_BYTES = 512;
const END_OF_LINE = '\r\n';
const END_OF_HEAD = '\r\n\r\n';
/** Paths that mean what they are: no escapes, no query. */
const READ_LINE = /^GET (\/[A-Za-z0-9._/-]*) HTTP\/1\.1$/;
/** Names are tokens and values printable (RFC 9110, 5.6.2 and 5.5); a line that continues another starts with a space. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;
const LENGTH = /^(?:0|[1-9][0-9]{0,6})$/;
const VERSION_BYTES = 'HTTP/1.1'.length;

/** Headers that change what a request means, or how its answer is sent. */
const OUT_OF_THE_ORDINARY = new Set([
  'expect',
  'grpc-timeout',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-http-method-override',
]);

/**
 * The first request in `bytes`; 'incomplete' when more may complete it, 'other' for whatever is not plainly one of the
 * routes', whose meaning is left to a full parser. `previous`, the head of the last request of the same connection, saves
 * reading it again.
 */
export function readRequest(
  bytes: Buffer,
  routes: PlainRoutes,
  previous: PlainHead | undefined,
): PlainRequest | 'incomplete' | 'other' {
  const end = bytes.indexOf(END_OF_HEAD, 0, 'latin1');
  // No more of it than the head becomes text: what is cut from a long string keeps all of that alive.
  const start = bytes.toString('latin1', 0, Math.min(end < 0 ? bytes.length : end, MAX_HEAD_BYTES));
  const endOfLine = start.indexOf(END_OF_LINE);
  if (endOfLine < 0) return end < 0 && mayBecomePlain(start, routes) ? 'incomplete' : 'other';
  const line = start.slice(0, endOfLine);
  const isWrite = line === `POST ${routes.writePath} HTTP/1.1`;
  const path = isWrite ? routes.writePath : READ_LINE.exec(line)?.[1];
  if (path === undefined || !(isWrite || routes.reads(path))) return 'other';
  if (end < 0) return bytes.length < MAX_HEAD_BYTES ? 'incomplete' : 'other';
  if (end > MAX_HEAD_BYTES) return 'other';
  const head = headOf(start.slice(endOfLine + END_OF_LINE.length), previous);
  if (head === undefined || (isWrite && head.bodyBytes === undefined)) return 'other';
  const { size, bodyBytes = 0 } = head;
  if (bodyBytes > (isWrite ? routes.maxBodyBytes : 0)) return 'other';
  const bodyStart = end + END_OF_HEAD.length;
  const length = bodyStart + bodyBytes;
  if (bytes.length < length) return 'incomplete';
  const method = isWrite ? 'POST' : 'GET';
  const facts: RequestFacts = {
    size: path.length + method.length + VERSION_BYTES + size + bodyBytes,
    hosts: 1,
    bodyBytes,
    grpcTimeout: undefined,
    metadataFault: undefined,
    method,
    isForm: false,
  };
  return { path, head, facts, body: bytes.subarray(bodyStart, length), length };
}

/** Whether so much of a request line may be that of a plain request. */
function mayBecomePlain(start: string, { writePath }: PlainRoutes): boolean {
  if (start.length > MAX_LINE_BYTES) return false;
  return `POST ${writePath} HTTP/1.1\r`.startsWith(start) || 'GET /'.startsWith(start.slice(0, 5));
}

function headOf(headers: string, previous: PlainHead | undefined): PlainHead | undefined {
  return previous !== undefined && previous.headers === headers ? previous : readHeaders(headers);
}

/** What the headers say, or nothing where one of them needs the full parser. */
function readHeaders(headers: string): PlainHead | undefined {
  let size = 0;
  let hosts = 0;
  let bodyBytes: number | undefined;
  for (const line of headers.split(END_OF_LINE)) {
    const header = readHeader(line);
    if (header === undefined) return undefined;
    const { name, value } = header;
    size += name.length + value.length;
    if (OUT_OF_THE_ORDINARY.has(name) || name.startsWith('grpc-metadata-')) return undefined;
    if (name === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined;
    if (name === 'content-type' && value.startsWith('application/x-www-form')) return undefined;
    if (name === 'host') {
      hosts += 1;
      size -= name.length;
    } else if (name === 'content-length') {
      if (bodyBytes !== undefined || !LENGTH.test(value)) return undefined;
      bodyBytes = Number(value);
    }
  }
  return hosts === 1 ? { headers, size, bodyBytes } : undefined;
}

/** Each expression looks at each character once, whatever the line is: one for the whole took 90 ms for 8,000 spaces. */
function readHeader(line: string): { readonly name: string; readonly value: string } | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  const value = line.slice(colon + 1);
  if (!NAME.test(name) || !VALUE.test(value)) return undefined;
  return { name: name.toLowerCase(), value: value.trim() };
}

/** The value of a header among those that {@link readRequest} took; the first one of several. */
export function headerIn(headers: string, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const line of headers.split(END_OF_LINE)) {
    const header = readHeader(line);
    if (header?.name === lower) return header.value;
  }
  return undefined;
}
