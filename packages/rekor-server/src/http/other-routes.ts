import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hono } from 'hono';
import type { HttpMetrics } from '../metrics/http-metrics.ts';
import { STATUS } from '../status.ts';
import { type Answer, BAD_TARGET, INTERNAL_ERROR, send } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { AppBindings } from './read-app.ts';
import type { RequestFacts } from './request/request-facts.ts';
import { dropBody } from './request/unread-body.ts';

/** What the routes beside the write route need. */
export interface OtherRoutesOptions {
  readonly app: Hono<{ Bindings: AppBindings }>;
  readonly metrics: HttpMetrics;
  readonly onPanic: (error: unknown) => void;
  readonly nowMs: () => number;
}

/** What the listener knows about a request that is no write. */
export interface OtherRequest {
  readonly facts: RequestFacts;
  /** Decoded; `undefined` for a target without one. */
  readonly path: string | undefined;
  /** The client waits to be told to send its body, which it is not. */
  readonly isUnasked: boolean;
  /** The answer that goes out before this one. */
  readonly before: ServerResponse | undefined;
}

/** Methods that a `Request` refuses; what the app does with them is what it does with any method that it does not know. */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** `cache-control` as it is usually written, `Cache-Control`. */
function canonicalName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.closed) resolve();
    else response.once('close', resolve);
  });
}

async function answerOf(response: Response): Promise<Answer> {
  const headers: string[] = [];
  let contentType: string | undefined;
  let length: number | undefined;
  for (const [name, value] of response.headers) {
    if (name === 'content-type') contentType = value;
    else if (name === 'content-length') length = Number(value);
    else headers.push(canonicalName(name), value);
  }
  return { status: response.status, contentType, body: new Uint8Array(await response.arrayBuffer()), headers, length };
}

/** Takes requests that are no write: asks the app, counts, and sends the answer. The body, if there is one, is dropped. */
export class OtherRoutes {
  readonly #options: OtherRoutesOptions;

  constructor(options: OtherRoutesOptions) {
    this.#options = options;
  }

  /** Answers, in its turn: what is asked for may be large, and is made only when it can be sent. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, other: OtherRequest): Exchange {
    const { facts, path, isUnasked, before } = other;
    const { metrics, nowMs } = this.#options;
    const startedAt = nowMs();
    metrics.inFlight += 1;
    let status: number = STATUS.canceled.http;
    const exchange = {
      isAnswering: false,
      closed: () => {
        metrics.inFlight -= 1;
        metrics.observe(status, request.method ?? '', (nowMs() - startedAt) / 1000, facts.size);
      },
    };
    const answer = async (close: boolean): Promise<void> => {
      exchange.isAnswering = true;
      if (before !== undefined) await closed(before);
      if (request.socket.destroyed) return;
      const made = await this.#answer(request, facts, path);
      if (response.destroyed) return;
      status = made.status;
      send(request, response, close ? { ...made, close } : made);
    };
    if (isUnasked || facts.bodyBytes === 0) void answer(isUnasked);
    else dropBody(request, (close) => void answer(close));
    return exchange;
  }

  async #answer(request: IncomingMessage, facts: RequestFacts, path: string | undefined): Promise<Answer> {
    if (path === undefined) {
      return request.method === 'OPTIONS' && request.url === '*' ? { status: 200, body: '' } : BAD_TARGET;
    }
    try {
      const first = await this.#fetch(path, facts.method, facts);
      // A form posted to a route that only reads is read (grpc-gateway's fallback for long query strings).
      const isRead = first.status === 501 && facts.method === 'POST' && facts.isForm;
      return await answerOf(isRead ? await this.#fetch(path, 'GET', facts) : first);
    } catch (error) {
      this.#options.onPanic(error);
      return INTERNAL_ERROR;
    }
  }

  async #fetch(path: string, method: string, facts: RequestFacts): Promise<Response> {
    const known = FORBIDDEN_METHODS.has(method) ? 'DELETE' : method;
    return this.#options.app.fetch(new Request('http://localhost/', { method: known }), { path, facts });
  }
}
