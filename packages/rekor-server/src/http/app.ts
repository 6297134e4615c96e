import type { Hono } from 'hono';
import { type Answer, badRequest, DEADLINE_EXCEEDED, METHOD_NOT_ALLOWED, NOT_FOUND } from './answer.ts';
import { type AppDeps, createReadApp, type Env, type Handler, preflight, reading, respond } from './read-app.ts';
import { parseGrpcTimeout } from './request/grpc-timeout.ts';
import { WRITE_PATH } from './write/create-entry-work.ts';
import { isOver } from './write/write-exchange.ts';

/** Paths of rekor-tiles. */
export const REKOR_PATH: RegExp = /^\/(healthz|api\/v2\/(log\/entries|checkpoint|tile\/.*))$/;

/** Where the checkpoint and tiles are: below rekor-tiles' path, and below that of every log. */
export const READ_PREFIXES: readonly string[] = ['/api/v2/', '/'];

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
 * rekor-tiles; paths that rekor-tiles does not have are those of every log.
 */
export function createApp(deps: AppDeps): Hono<Env> {
  const app = createReadApp(deps);
  const notAllowed = () => respond(METHOD_NOT_ALLOWED);
  const notFound = () => respond(NOT_FOUND);

  app.all(WRITE_PATH, notAllowed);

  const serving: Answer = { status: 200, contentType: 'application/json', body: '{"status":"SERVING"}\n' };
  app.get(
    '/healthz',
    asInGateway(() => respond(serving)),
  );
  app.all('/healthz', notAllowed);

  for (const path of ['/api/v2/checkpoint', '/api/v2/tile/*']) {
    app.get(path, asInGateway(reading(deps.readPath, '/api/v2/'))).options(path, preflight('GET, OPTIONS'));
  }
  app.all('/api/v2/checkpoint', notAllowed);
  // The pattern also matches without its last slash, which rekor-tiles does not know.
  app.all('/api/v2/tile/*', (c) => (c.env.path === '/api/v2/tile' ? notFound() : notAllowed()));
  return app;
}
