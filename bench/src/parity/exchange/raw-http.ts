import { connect } from 'node:net';

/** One HTTP/1.x response as it came over the wire: nothing is normalised. */
export interface RawResponse {
  /** Status code of the final response; 0 when the server closed without answering. */
  readonly status: number;
  /** Protocol and reason of the status line, for example `HTTP/1.1 404 Not Found`. */
  readonly statusLine: string;
  /** Header pairs in the order sent, names as written. */
  readonly headers: readonly (readonly [string, string])[];
  /** Body with any chunked transfer coding removed. */
  readonly body: Uint8Array;
  /** Whether an interim `100 Continue` came first. */
  readonly continued: boolean;
  /** Whether the server closed the connection within the waiting time. */
  readonly closed: boolean;
}

/** One request as bytes; `afterContinue` is sent when a `100 Continue` arrives, or never. */
export interface RawRequest {
  readonly bytes: Uint8Array;
  readonly afterContinue?: Uint8Array;
  /** A HEAD response has headers that promise a body that never comes. */
  readonly bodyless?: boolean;
}

/**
 * Sends one request on a fresh loopback connection and reads one response.
 *
 * `closeWaitMs` is how long to wait after the response for the server to close; `timeoutMs` bounds the whole exchange.
 */
export function sendRaw(port: number, request: RawRequest, timeoutMs = 30_000, closeWaitMs = 60): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received: Buffer = Buffer.alloc(0);
    let continued = false;
    let answer: ParsedResponse | undefined;
    const settle = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const none = { status: 0, statusLine: '', headers: [], body: Buffer.alloc(0) };
      resolve({ ...(answer ?? parseResponse(received, true, request.bodyless === true) ?? none), continued, closed });
    };
    let timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no whole response within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.on('connect', () => socket.write(request.bytes));
    socket.on('error', () => settle(true));
    socket.on('close', () => settle(true));
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data]);
      const interim = interimLength(received);
      if (interim > 0) {
        continued = true;
        received = received.subarray(interim);
        if (request.afterContinue !== undefined) socket.write(request.afterContinue);
      }
      answer ??= parseResponse(received, false, request.bodyless === true);
      if (answer !== undefined) {
        clearTimeout(timer);
        timer = setTimeout(() => settle(false), closeWaitMs);
      }
    });
  });
}

type ParsedResponse = Pick<RawResponse, 'status' | 'statusLine' | 'headers' | 'body'>;

function interimLength(data: Buffer): number {
  if (!/^HTTP\/1\.[01] 1\d\d /.test(data.subarray(0, 13).toString('latin1'))) return 0;
  const end = data.indexOf('\r\n\r\n');
  return end < 0 ? 0 : end + 4;
}

function parseResponse(data: Buffer, ended: boolean, bodyless: boolean): ParsedResponse | undefined {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = data.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const status = Number(statusLine.split(' ')[1] ?? 0);
  const rest = data.subarray(end + 4);
  const header = (name: string): string | undefined => headers.find(([n]) => n.toLowerCase() === name)?.[1];
  const head = { status, statusLine, headers };
  if (bodyless || status === 204 || status === 304) return { ...head, body: Buffer.alloc(0) };
  if (header('transfer-encoding')?.toLowerCase() === 'chunked') {
    const body = unchunk(rest);
    return body === undefined ? undefined : { ...head, body };
  }
  const length = header('content-length');
  if (length === undefined) return ended ? { ...head, body: rest } : undefined;
  return rest.length < Number(length) ? undefined : { ...head, body: rest.subarray(0, Number(length)) };
}

function unchunk(data: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = data.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = Number.parseInt(data.subarray(at, end).toString('latin1'), 16);
    const next = end + 2 + size + 2;
    if (Number.isNaN(size) || data.length < next) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(data.subarray(end + 2, end + 2 + size));
    at = next;
  }
}
