import type { RequestFacts } from '../request/request-facts.ts';

/** A request that is wholly there, in the plainest form that HTTP/1.1 has. */
export interface PlainRequest {
  /** Its request line and headers, with the empty line. */
  readonly head: string;
  readonly facts: RequestFacts;
  readonly body: Buffer;
  /** Bytes of all of it. */
  readonly length: number;
}

/** What a route takes on the short way. */
export interface PlainRoute {
  /** The path of its POST requests. */
  readonly path: string;
  /** Longer bodies go the long way. */
  readonly maxBodyBytes: number;
}

/** The longest head that is looked at. */
const MAX_HEAD_BYTES = 8192;
const END_OF_HEAD = '\r\n\r\n';
/** Names are tokens and values printable (RFC 9110, 5.6.2 and 5.5); a line that continues another starts with a space. */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?[ \t]*$/;
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
 * The first request in `bytes`; 'incomplete' when more may complete it, 'other' for whatever is not plainly a POST to the
 * route, whose meaning is left to a full parser. `previous`, the last request of the same connection, saves reading the same
 * head again.
 */
export function readRequest(
  bytes: Buffer,
  route: PlainRoute,
  previous: Pick<PlainRequest, 'head' | 'facts'> | undefined,
): PlainRequest | 'incomplete' | 'other' {
  const start = bytes.toString('latin1', 0, MAX_HEAD_BYTES);
  const line = `POST ${route.path} HTTP/1.1\r\n`;
  if (!start.startsWith(line)) return line.startsWith(start) ? 'incomplete' : 'other';
  const end = start.indexOf(END_OF_HEAD);
  if (end < 0) return bytes.length < MAX_HEAD_BYTES ? 'incomplete' : 'other';
  const head = start.slice(0, end + END_OF_HEAD.length);
  const facts =
    previous !== undefined && previous.head === head ? previous.facts : readHead(head.slice(line.length, end), route);
  if (facts === undefined) return 'other';
  const length = head.length + (facts.bodyBytes ?? 0);
  if (bytes.length < length) return 'incomplete';
  return { head, facts, body: bytes.subarray(head.length, length), length };
}

/** What the headers say, or nothing where one of them needs the full parser. */
function readHead(headers: string, { path, maxBodyBytes }: PlainRoute): RequestFacts | undefined {
  let size = path.length + 'POST'.length + VERSION_BYTES;
  let hosts = 0;
  let bodyBytes: number | undefined;
  for (const line of headers.split('\r\n')) {
    const match = HEADER.exec(line);
    if (match === null) return undefined;
    const name = (match[1] ?? '').toLowerCase();
    const value = match[2] ?? '';
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
  if (hosts !== 1 || bodyBytes === undefined || bodyBytes > maxBodyBytes) return undefined;
  return {
    size: size + bodyBytes,
    hosts,
    bodyBytes,
    grpcTimeout: undefined,
    metadataFault: undefined,
    method: 'POST',
    isForm: false,
  };
}

/** The value of a header in a head that {@link readRequest} took; the first one of several. */
export function headerIn(head: string, name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const line of head.split('\r\n').slice(1)) {
    const match = HEADER.exec(line);
    if (match?.[1]?.toLowerCase() === lower) return match[2] ?? '';
  }
  return undefined;
}
