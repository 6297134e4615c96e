import type { Hono } from 'hono';
import { type AppDeps, createReadApp, type Env, respond } from '../http/read-app.ts';
import { ADD_PATH } from './add-work.ts';

/** Paths of a raw log, for methods that node:http does not pass on. */
export const RAW_PATH: RegExp = /^\/(add|healthz|checkpoint|tile\/.*)$/;

/** Routes of everything but `POST /add`. */
export function createRawApp(deps: AppDeps): Hono<Env> {
  const app = createReadApp(deps);
  const contentType = 'text/plain; charset=utf-8';
  app.get('/healthz', () => respond({ status: 200, contentType, body: 'ok\n' }));
  app.all(ADD_PATH, () =>
    respond({ status: 405, contentType, body: 'only POST, with the entry as its body\n', headers: ['Allow', 'POST'] }),
  );
  return app;
}
