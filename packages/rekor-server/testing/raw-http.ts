import { connect } from 'node:net';

/** One HTTP answer, as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** An interim `100 Continue` came first. */
  readonly continued: boolean;
}

/** What to send; the parts are written as they are given. */
export interface RawRequest {
  readonly head: readonly string[];
  readonly body?: string | Uint8Array | undefined;
  /** Sent when `100 Continue` came. */
  readonly afterContinue?: string;
}

function parse(data: Buffer, isHead: boolean, ended: boolean): Omit<RawAnswer, 'continued'> | undefined {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = data.toString('latin1', 0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(first.split(' ')[1]);
  const length = isHead || status === 204 ? 0 : headers['content-length'];
  const rest = data.subarray(end + 4);
  if (length === undefined ? !ended : rest.length < Number(length)) return undefined;
  const body = length === undefined ? rest : rest.subarray(0, Number(length));
  return { status, headers, body: body.toString('utf8') };
}

/** Sends bytes on a fresh connection and reads one answer. Rejects when none comes within five seconds. */
export function rawHttp(port: number, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const isHead = request.head[0]?.startsWith('HEAD ') ?? false;
    let received: Buffer = Buffer.alloc(0);
    let continued = false;
    const timer = setTimeout(() => settle(new Error('no answer within 5 s')), 5000);
    const settle = (outcome: Error | Omit<RawAnswer, 'continued'>): void => {
      clearTimeout(timer);
      socket.destroy();
      if (outcome instanceof Error) reject(outcome);
      else resolve({ ...outcome, continued });
    };
    socket.on('connect', () => {
      socket.write(`${request.head.join('\r\n')}\r\n\r\n`, 'latin1');
      if (request.body !== undefined) socket.write(request.body);
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.toString('latin1', 0, 12) === 'HTTP/1.1 100') {
        continued = true;
        received = received.subarray(received.indexOf('\r\n\r\n') + 4);
        if (request.afterContinue !== undefined) socket.write(request.afterContinue);
      }
      const answer = parse(received, isHead, false);
      if (answer !== undefined) settle(answer);
    });
    socket.on('error', settle);
    socket.on('close', () => settle(parse(received, isHead, true) ?? new Error('closed without an answer')));
  });
}
