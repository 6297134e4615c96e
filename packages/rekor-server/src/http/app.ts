import { type Context, Hono, type Next } from 'hono';
import { asciiJson } from '../ascii-json.ts';
import type { BuildInfo } from '../metrics/server-metrics.ts';
import type { ReadPath } from '../reading/read-path.ts';
import { type LogFacts, logInfoJson, type Readiness, versionJson } from '../reading/server-facts.ts';
import { type Answer, badRequest, INTERNAL_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND } from './answer.ts';
import { parseGrpcTimeout } from './grpc-timeout.ts';
import { readAnswer } from './read-answer.ts';
import { WRITE_PATH } from './write-route.ts';

/** Everything that is not a write is made of this. */
export interface AppDeps {
  readonly readPath: ReadPath;
  readonly facts: LogFacts;
  readonly build: BuildInfo;
  readonly readiness: Readiness;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** What the adapter hands to the app besides the request: the decoded path, which is what is routed by. */
export interface AppBindings {
  readonly path: string;
}

type Env = { Bindings: AppBindings };

const CORS = { 'Access-Control-Allow-Origin': '*' };
const PREFLIGHT: Readonly<Record<string, string>> = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
};

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
  const answer = { status, contentType: 'application/json', body };
  return respond(answer, { ...CORS, 'Cache-Control': 'no-store' });
}

/** A `Grpc-Timeout` is honoured on every route that rekor-tiles has. */
async function checkGrpcTimeout(c: Context<Env>, next: Next): Promise<Response | undefined> {
  const value = c.req.header('grpc-timeout');
  const ms = parseGrpcTimeout(value);
  if (ms === 'bad') return respond(badRequest(`invalid grpc-timeout: ${value}`));
  await next();
  return undefined;
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

  app.get('/healthz', checkGrpcTimeout, (c) =>
    c.req.method === 'GET'
      ? respond({ status: 200, contentType: 'application/json', body: '{"status":"SERVING"}\n' })
      : notAllowed(),
  );
  app.all('/healthz', notAllowed);

  app.get('/readyz', () => {
    const reason = deps.readiness();
    return reason === undefined ? json('{"ready":true}') : json(asciiJson({ ready: false, reason }), 503);
  });
  app.get('/version', () => json(versionJson(deps.build)));
  app.get('/log-info', () => json(logInfoJson(deps.facts)));

  const read = (prefix: string) => async (c: Context<Env>) =>
    respond(await readAnswer(deps.readPath, c.env.path.slice(prefix.length)), CORS);
  const preflight = () => new Response(null, { status: 204, headers: PREFLIGHT });
  for (const path of ['/checkpoint', '/tile/*']) {
    app.get(path, read('/')).options(path, preflight);
    app.get(`/api/v2${path}`, checkGrpcTimeout, read('/api/v2/')).options(`/api/v2${path}`, preflight);
  }
  app.all('/api/v2/checkpoint', notAllowed);
  // The pattern also matches without its last slash, which rekor-tiles does not know.
  app.all('/api/v2/tile/*', (c) => (c.env.path === '/api/v2/tile' ? notFound() : notAllowed()));

  app.notFound(notFound);
  app.onError((error) => {
    deps.onPanic(error);
    return respond(INTERNAL_ERROR, { ...CORS, 'Cache-Control': 'no-store' });
  });
  return app;
}
