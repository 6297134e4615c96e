import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hono } from 'hono';
import type { HttpMetrics } from '../metrics/http-metrics.ts';
import { type Answer, BAD_TARGET, INTERNAL_ERROR, plainText, send } from './answer.ts';
import type { AppBindings } from './app.ts';
import { approximateSize } from './approximate-size.ts';
import { pathOf } from './request-target.ts';
import { header } from './write-exchange.ts';

/** What the routes beside the write route need. */
export interface OtherRoutesOptions {
  readonly app: Hono<{ Bindings: AppBindings }>;
  readonly metrics: HttpMetrics;
  readonly onPanic: (error: unknown) => void;
  readonly nowMs: () => number;
}

/** Methods that a `Request` refuses; what the app does with them is what it does with any method that it does not know. */
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE', 'TRACK']);
const FORM = 'application/x-www-form-urlencoded';
/** Unread bodies up to this length are read to keep the connection; a longer one ends it, as in Go. */
const MAX_DRAINED_BYTES = 256 * 1024;

/** A POST of a form stands for the method that `X-HTTP-Method-Override` names (grpc-gateway). */
export function effectiveMethod(request: IncomingMessage): string {
  const method = request.method ?? 'GET';
  if (method !== 'POST' || request.headers['content-type'] !== FORM) return method;
  return header(request, 'x-http-method-override')?.toUpperCase() ?? method;
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

/** `cache-control` as it is usually written, `Cache-Control`. */
function canonicalName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Takes requests that are no plain write: finds the path, asks the app, counts, and sends the answer. */
export class OtherRoutes {
  readonly #options: OtherRoutesOptions;

  constructor(options: OtherRoutesOptions) {
    this.#options = options;
  }

  /** Answers; never throws. `unread` says that the client was not told to go on with its body. */
  handle(request: IncomingMessage, response: ServerResponse, unread = false): void {
    const { metrics, nowMs } = this.#options;
    const startedAt = nowMs();
    metrics.inFlight += 1;
    let status = 499;
    response.on('close', () => {
      metrics.inFlight -= 1;
      metrics.observe(status, request.method ?? '', (nowMs() - startedAt) / 1000, approximateSize(request));
    });
    void this.#answer(request)
      .catch((error: unknown) => {
        this.#options.onPanic(error);
        return INTERNAL_ERROR;
      })
      .then((answer) => {
        if (response.destroyed) return;
        status = answer.status;
        const long = Number(request.headers['content-length'] ?? 0) > MAX_DRAINED_BYTES;
        send(request, response, unread || long ? { ...answer, close: true } : answer);
      });
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    if (request.httpVersionMinor > 0 && request.headers.host === undefined) {
      return plainText(400, '400 Bad Request: missing required Host header');
    }
    const target = pathOf(request.url ?? '');
    if ('bad' in target) {
      if (target.bad === 'malformed') return plainText(400, '400 Bad Request');
      return request.method === 'OPTIONS' && request.url === '*' ? { status: 200, body: '' } : BAD_TARGET;
    }
    return this.route(target.path, request);
  }

  /** The app's answer for a decoded path. */
  async route(path: string, request: IncomingMessage): Promise<Answer> {
    const method = effectiveMethod(request);
    const first = await this.#fetch(path, method, request);
    // A form posted to a route that only reads is read (grpc-gateway's fallback for long query strings).
    const fallsBack = first.status === 501 && method === 'POST' && request.headers['content-type'] === FORM;
    return answerOf(fallsBack ? await this.#fetch(path, 'GET', request) : first);
  }

  async #fetch(path: string, method: string, request: IncomingMessage): Promise<Response> {
    const headers = new Headers();
    const timeout = header(request, 'grpc-timeout');
    if (timeout !== undefined) headers.set('grpc-timeout', timeout);
    const known = FORBIDDEN_METHODS.has(method) ? 'DELETE' : method;
    return this.#options.app.fetch(new Request('http://localhost/', { method: known, headers }), { path });
  }
}
