import { type Context, Hono } from 'hono';
import { asciiJson } from '../encoding/ascii-json.ts';
import type { BuildInfo } from '../metrics/server-metrics.ts';
import type { ReadPath } from '../reading/read-path.ts';
import { type LogFacts, logInfoJson, type Readiness, versionJson } from '../reading/server-facts.ts';
import { type Answer, badRequest, DEADLINE_EXCEEDED, INTERNAL_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND } from './answer.ts';
import { readAnswer } from './read-answer.ts';
import { parseGrpcTimeout } from './request/grpc-timeout.ts';
import type { RequestFacts } from './request/request-facts.ts';
import { isOver } from './write/write-exchange.ts';
import { WRITE_PATH } from './write/write-route.ts';

/** Everything that is not a write is made of this. */
export interface AppDeps {
  readonly readPath: ReadPath;
  readonly facts: LogFacts;
  readonly build: BuildInfo;
  readonly readiness: Readiness;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** What the listener hands to the app besides the request. */
export interface AppBindings {
  /** The decoded path, which is what is routed by. */
  readonly path: string;
  readonly facts: Pick<RequestFacts, 'grpcTimeout' | 'metadataFault'>;
}

type Env = { Bindings: AppBindings };
type Handler = (c: Context<Env>) => Response | Promise<Response>;

const CORS = { 'Access-Control-Allow-Origin': '*' };
const NO_STORE = { 'Cache-Control': 'no-store' };

function respond(answer: Answer, more: Readonly<Record<string, string>> = {}): Response {
  const headers = new Headers(more);
  if (answer.contentType !== undefined) headers.set('Content-Type', answer.contentType);
  headers.set('Content-Length', String(answer.body.length));
  const { headers: pairs = [] } = answer;
  for (let i = 0; i + 1 < pairs.length; i += 2) headers.set(pairs[i] ?? '', pairs[i + 1] ?? '');
  const body = typeof answer.body === 'string' ? answer.body : Uint8Array.from(answer.body);
  return new Response(body, { status: answer.status, headers });
}

function json(body: string, status = 200): Response {
  return respond({ status, contentType: 'application/json', body }, { ...CORS, ...NO_STORE });
}

/** The answer to a browser that asks what it may do; `methods` are those of the path. */
function preflight(methods: string): Handler {
  const headers = {
    ...CORS,
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Max-Age': '86400',
  };
  return () => new Response(null, { status: 204, headers });
}

/** On every route that rekor-tiles has, gRPC's headers are honoured, and HEAD is no method. */
function asInGateway(handler: Handler): Handler {
  return (c) => {
    const { grpcTimeout, metadataFault } = c.env.facts;
    if (c.req.method !== 'GET') return respond(METHOD_NOT_ALLOWED);
    const ms = parseGrpcTimeout(grpcTimeout);
    if (ms === 'bad') return respond(badRequest(`invalid grpc-timeout: ${grpcTimeout}`));
    if (metadataFault !== undefined) return respond(badRequest(metadataFault));
    return ms !== undefined && isOver(ms) ? respond(DEADLINE_EXCEEDED) : handler(c);
  };
}

/**
 * Routes, statuses and bodies of everything but `POST` of entries. Known paths with another method answer 501, as in
 * rekor-tiles; paths that rekor-tiles does not have exist for GET and HEAD (and OPTIONS, where browsers read) only.
 */
export function createApp(deps: AppDeps): Hono<Env> {
  const app = new Hono<Env>({ getPath: (_request, options) => options?.env?.path ?? '/' });
  const notAllowed = () => respond(METHOD_NOT_ALLOWED);
  const notFound = () => respond(NOT_FOUND);

  app.all(WRITE_PATH, notAllowed);

  const serving: Answer = { status: 200, contentType: 'application/json', body: '{"status":"SERVING"}\n' };
  app.get(
    '/healthz',
    asInGateway(() => respond(serving)),
  );
  app.all('/healthz', notAllowed);

  app.get('/readyz', () => {
    const reason = deps.readiness();
    return reason === undefined ? json('{"ready":true}') : json(asciiJson({ ready: false, reason }), 503);
  });
  app.get('/version', () => json(versionJson(deps.build)));
  app.get('/log-info', () => json(logInfoJson(deps.facts)));

  const read =
    (prefix: string): Handler =>
    async (c) => {
      const answer = await readAnswer(deps.readPath, c.env.path.slice(prefix.length));
      return answer === undefined ? notFound() : respond(answer, CORS);
    };
  for (const path of ['/checkpoint', '/tile/*']) {
    app.get(path, read('/')).options(path, preflight('GET, HEAD, OPTIONS'));
    app.get(`/api/v2${path}`, asInGateway(read('/api/v2/'))).options(`/api/v2${path}`, preflight('GET, OPTIONS'));
  }
  app.all('/api/v2/checkpoint', notAllowed);
  // The pattern also matches without its last slash, which rekor-tiles does not know.
  app.all('/api/v2/tile/*', (c) => (c.env.path === '/api/v2/tile' ? notFound() : notAllowed()));

  app.notFound(notFound);
  app.onError((error) => {
    deps.onPanic(error);
    return respond(INTERNAL_ERROR, NO_STORE);
  });
  return app;
}
