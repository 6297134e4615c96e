/** One HTTP answer. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of a name that comes twice, the last value. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether the connection can take another request. */
  readonly keepsAlive: boolean;
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly keepsAlive: boolean;
  /** `chunked`, `close` for a body that ends with the connection, or a number of bytes. */
  readonly framing: number | 'chunked' | 'close';
}

const MAX_HEAD = 65_536;
const EMPTY = Buffer.alloc(0);

/** The answers of one connection, from bytes as they arrive (RFC 9112). One answer at a time: no pipelining. */
export class AnswerParser {
  readonly #maxBody: number;
  #parts: Buffer[] = [];
  #length = 0;
  #head: Head | undefined;

  /** @param maxBody bytes of the largest body that is accepted */
  constructor(maxBody: number) {
    this.#maxBody = maxBody;
  }

  /** Takes bytes. Returns the answer when they end one. Throws an Error when they are not HTTP, or too many. */
  push(bytes: Buffer): Answer | undefined {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    while (this.#head === undefined) {
      const held = this.#held();
      const end = held.indexOf('\r\n\r\n');
      if (end > MAX_HEAD || (end < 0 && held.length > MAX_HEAD)) throw new Error('the head of an answer is too long');
      if (end < 0) return undefined;
      const head = readHead(held.toString('latin1', 0, end));
      this.#keep(held.subarray(end + 4));
      // An interim answer, such as 100 Continue, comes before the real one.
      if (head.status >= 200) this.#head = head;
    }
    const { framing } = this.#head;
    const size = typeof framing === 'number' ? framing : this.#length;
    if (size > this.#maxBody) throw new Error(`an answer has more than ${this.#maxBody} bytes`);
    if (framing === 'chunked') return this.#endChunked(this.#head);
    if (framing === 'close' || this.#length < framing) return undefined;
    const held = this.#held();
    if (held.length > framing) throw new Error('an answer is longer than its Content-Length');
    return this.#end(this.#head, held);
  }

  /** Forgets what has arrived: the next bytes are of another connection. */
  reset(): void {
    this.#head = undefined;
    this.#keep(EMPTY);
  }

  /** The connection has ended. Returns the answer that ends with it, if there is one. */
  close(): Answer | undefined {
    return this.#head?.framing === 'close' ? this.#end(this.#head, this.#held()) : undefined;
  }

  #endChunked(head: Head): Answer | undefined {
    const body = readChunks(this.#held());
    return body && this.#end(head, body);
  }

  #end({ status, headers, keepsAlive }: Head, body: Buffer): Answer {
    this.reset();
    return { status, headers, body, keepsAlive };
  }

  /** All that arrived and was not read yet, in one piece. */
  #held(): Buffer {
    if (this.#parts.length !== 1) this.#parts = [Buffer.concat(this.#parts, this.#length)];
    return this.#parts[0] ?? EMPTY;
  }

  #keep(rest: Buffer): void {
    this.#parts = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
  }
}

function readHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (code === undefined) throw new Error('the answer is not HTTP/1.1');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(code);
  const framing = framingOf(status, headers);
  const connection = headers.get('connection')?.toLowerCase();
  const keepsAlive = minor === '1' ? connection !== 'close' : connection === 'keep-alive';
  return { status, headers, framing, keepsAlive: keepsAlive && framing !== 'close' };
}

function framingOf(status: number, headers: ReadonlyMap<string, string>): Head['framing'] {
  if (status < 200 || status === 204 || status === 304) return 0;
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return 'chunked';
  const length = headers.get('content-length');
  if (length === undefined) return 'close';
  if (/^\d{1,15}$/.test(length)) return Number(length);
  throw new Error('the Content-Length of an answer is no number');
}

/** The body when all its chunks are there. */
function readChunks(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const line = bytes.toString('latin1', at, lineEnd);
    const [, hex] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line) ?? [];
    if (hex === undefined) throw new Error('a chunk of an answer has no length');
    const size = Number.parseInt(hex, 16);
    const start = lineEnd + 2;
    if (size === 0) return endsTrailers(bytes, start) ? Buffer.concat(chunks) : undefined;
    if (bytes.length < start + size + 2) return undefined;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}

/** After the last chunk come trailers, or none, and an empty line. */
function endsTrailers(bytes: Buffer, start: number): boolean {
  return bytes.toString('latin1', start, start + 2) === '\r\n' || bytes.indexOf('\r\n\r\n', start) >= 0;
}
