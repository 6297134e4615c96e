import type { RawRequest } from './raw-http.ts';

/** Path of the one write method. */
export const ENTRIES_PATH = '/api/v2/log/entries';

/** Parts of an HTTP/1.x request; everything is sent as given. */
export interface HttpParts {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Header lines without line ends, beside `Host: localhost`. */
  readonly headers?: readonly string[];
  /** Body; adds Content-Length unless a header states a length or coding. */
  readonly body?: string | Uint8Array;
  /** Body to send only after `100 Continue`. */
  readonly bodyAfterContinue?: string | Uint8Array;
  /** Leaves `Host` out. */
  readonly noHost?: boolean;
}

/** The bytes of a request; POST to the entries path unless said otherwise. */
export function httpRequest(parts: HttpParts): RawRequest {
  const { method = 'POST', target = ENTRIES_PATH, version = 'HTTP/1.1', headers = [] } = parts;
  const lines = [`${method} ${target} ${version}`];
  if (parts.noHost !== true) lines.push('Host: localhost');
  lines.push(...headers);
  const later = parts.bodyAfterContinue;
  const announced = parts.body ?? later;
  if (announced !== undefined && !headers.some((line) => /^(content-length|transfer-encoding):/i.test(line))) {
    lines.push(`Content-Length: ${Buffer.byteLength(announced)}`);
  }
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return {
    bytes: parts.body === undefined ? head : Buffer.concat([head, Buffer.from(parts.body)]),
    bodyless: method === 'HEAD',
    ...(later === undefined ? {} : { afterContinue: Buffer.from(later) }),
  };
}

/** A body in the chunked transfer coding (RFC 9112 7.1), without trailers. */
export function chunked(body: string | Uint8Array, chunkBytes = 65_536): Buffer {
  const data = Buffer.from(body);
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; at += chunkBytes) {
    const chunk = data.subarray(at, at + chunkBytes);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
