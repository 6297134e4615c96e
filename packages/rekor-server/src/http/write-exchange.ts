import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from '../service/create-entry.ts';
import { traceIdOf } from '../trace-id.ts';
import type { Expiring } from './deadlines.ts';

/** First value of a header that may be repeated. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** The trace id of a request. */
export function traceIdOfRequest(request: IncomingMessage): string {
  return traceIdOf(header(request, 'traceparent'), header(request, 'x-cloud-trace-context'));
}

/** One write request from its headers to its answer. */
export class WriteExchange implements Call, Expiring {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly startedAt: number;
  /** Bytes of the body that are held in memory. */
  held = 0;
  /** Bytes of a body beyond the limit: read to its end, for an answer that arrives, but not kept. */
  dropped = 0;
  /** Length of the body that the service got. */
  bodyBytes = 0;
  /** Answered, or nobody is there to answer. */
  done = false;
  readonly #controller = new AbortController();
  #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #traceId: string | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, startedAt: number) {
    this.request = request;
    this.response = response;
    this.startedAt = startedAt;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  traceId(): string {
    this.#traceId ??= traceIdOfRequest(this.request);
    return this.#traceId;
  }

  /** Lets the request expire after `ms`, besides the limit that all requests have. */
  limit(ms: number): void {
    if (ms <= 0) this.expire();
    else this.#timer = setTimeout(() => this.expire(), Math.min(ms, 2 ** 31 - 1));
  }

  /** The service answers then, at once; a body that has not come yet is still awaited, because broken JSON is told first. */
  expire(): void {
    this.#controller.abort('deadline-exceeded');
  }

  keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.held += chunk.length;
  }

  /** The body so far, given up by this exchange. */
  takeBody(): Buffer {
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.bodyBytes = body.length;
    return body;
  }

  /** Marks the end, and lets go of everything that is held for this request. */
  finish(): void {
    this.done = true;
    this.#chunks = [];
    clearTimeout(this.#timer);
  }

  /** The client is gone: whoever works for it may stop. */
  cancel(): void {
    this.#controller.abort('canceled');
  }
}
