import { type Context, Hono } from 'hono';
import { asciiJson } from '../encoding/ascii-json.ts';
import type { BuildInfo } from '../metrics/server-metrics.ts';
import type { ReadPath } from '../reading/read-path.ts';
import { frozenLineFrom, type LogFacts, logInfoJson, type Readiness, versionJson } from '../reading/server-facts.ts';
import { type Answer, INTERNAL_ERROR, NOT_FOUND } from './answer.ts';
import { readAnswer } from './read-answer.ts';
import type { RequestFacts } from './request/request-facts.ts';

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

export type Env = { Bindings: AppBindings };
export type Handler = (c: Context<Env>) => Response | Promise<Response>;

const ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*' };
const NO_STORE = { 'Cache-Control': 'no-store' };

/** An answer as the app's. */
export function respond(answer: Answer, more: Readonly<Record<string, string>> = {}): Response {
  const headers = new Headers(more);
  if (answer.contentType !== undefined) headers.set('Content-Type', answer.contentType);
  headers.set('Content-Length', String(answer.body.length));
  const { headers: pairs = [] } = answer;
  for (let i = 0; i + 1 < pairs.length; i += 2) headers.set(pairs[i] ?? '', pairs[i + 1] ?? '');
  const body = typeof answer.body === 'string' ? answer.body : Uint8Array.from(answer.body);
  return new Response(body, { status: answer.status, headers });
}

function json(body: string, status = 200): Response {
  return respond({ status, contentType: 'application/json', body }, { ...ANY_ORIGIN, ...NO_STORE });
}

/** The answer to a browser that asks what it may do; `methods` are those of the path. */
export function preflight(methods: string): Handler {
  const headers = {
    ...ANY_ORIGIN,
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Max-Age': '86400',
  };
  return () => new Response(null, { status: 204, headers });
}

/** Serves the checkpoint and tiles below `prefix`; browsers may read them. */
export function reading(readPath: ReadPath, prefix: string): Handler {
  return async (c) => {
    return respond((await readAnswer(readPath, c.env.path.slice(prefix.length))) ?? NOT_FOUND);
  };
}

/**
 * What a log of any kind serves for GET and HEAD (and OPTIONS, where browsers read): its checkpoint and tiles, whether it
 * is ready, and what runs. Everything else is 404.
 */
export function createReadApp(deps: AppDeps): Hono<Env> {
  const app = new Hono<Env>({ getPath: (_request, options) => options?.env?.path ?? '/' });
  app.get('/readyz', () => {
    const reason = deps.readiness();
    return reason === undefined ? json('{"ready":true}') : json(asciiJson({ ready: false, reason }), 503);
  });
  app.get('/version', () => json(versionJson(deps.build)));
  app.get('/log-info', async () => json(logInfoJson(deps.facts, await frozenLineFrom(deps.readPath))));
  const read = reading(deps.readPath, '/');
  for (const path of ['/checkpoint', '/tile/*']) app.get(path, read).options(path, preflight('GET, HEAD, OPTIONS'));
  app.notFound(() => respond(NOT_FOUND));
  app.onError((error) => {
    deps.onPanic(error);
    return respond(INTERNAL_ERROR, NO_STORE);
  });
  return app;
}
