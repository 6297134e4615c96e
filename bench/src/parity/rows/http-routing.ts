import { ENTRIES_PATH, type HttpParts, httpRequest } from '../exchange/http-request.ts';
import type { HttpRow } from '../row.ts';

/** Methods, paths and targets: who answers, and how a request that nobody serves is refused. */
export function httpRouting(): HttpRow[] {
  return [...entriesMethods(), ...entriesTargets(), ...health(), ...unknownPaths()];
}

/** Paths of the read API, and those that Tilewright adds: 501 or 404 at the reference, served by ours. */
export function httpNewPaths(): HttpRow[] {
  const tile = ['0/000', '0/000.p/1', '1/000', '0/x001/000', '0', '0/', '0/x/y/z', 'x/000', '-1/000', '4294967296/000'];
  const read = ['/checkpoint', '/tile/0/000', '/tile/entries/000', '/tile/entries/000.p/1', '/api/v2/checkpoint'];
  const paths = [
    ...read,
    ...tile.map((path) => `/api/v2/tile/${path}`),
    ...['entries/000', 'entries', 'entries/'].map((path) => `/api/v2/tile/${path}`),
  ];
  return [
    ...paths.map((path) => row(`read/GET ${path}`, { method: 'GET', target: path })),
    ...['/api/v2/checkpoint', '/api/v2/tile/0/000'].map((path) =>
      row(`read/OPTIONS ${path}`, { method: 'OPTIONS', target: path }),
    ),
    ...['/version', '/readyz', '/log-info'].map((path) => row(`new/GET ${path}`, { method: 'GET', target: path })),
    ...['HEAD', 'POST', 'PUT', 'DELETE'].flatMap((method) =>
      ['/api/v2/checkpoint', '/api/v2/tile/0/000', '/api/v2/tile/entries/000'].map((target) =>
        row(`read-methods/${method} ${target}`, { method, target }),
      ),
    ),
    ...[
      '/.state/x',
      '/checkpoint/',
      '/tile/',
      '/tile/../.state/version',
      '/api/v2/checkpoint/',
      '/tile/0/%2e%2e/%2e%2e/.state',
    ].map((target) => row(`unknown/GET ${target}`, { method: 'GET', target })),
  ];
}

function entriesMethods(): HttpRow[] {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'];
  const preflight = ['Origin: https://example.com', 'Access-Control-Request-Method: POST'];
  return [
    ...methods.map((method) => row(`entries-methods/${method}`, { method })),
    row('entries-methods/PUT with a body', { method: 'PUT', body: '{}' }),
    row('entries-methods/OPTIONS preflight', { method: 'OPTIONS', headers: preflight }),
    row('entries-methods/POST overridden as GET', {
      headers: ['X-HTTP-Method-Override: GET', 'Content-Type: application/x-www-form-urlencoded'],
      body: '{}',
    }),
  ];
}

function entriesTargets(): HttpRow[] {
  const targets = [
    `${ENTRIES_PATH}/`,
    `/${ENTRIES_PATH}`,
    '/api//v2/log/entries',
    `${ENTRIES_PATH}/x`,
    '/api/v2/log/./entries',
    '/api/v2/log/../log/entries',
    '/api/v2/log/%65ntries',
    '/api/v2/log%2Fentries',
    `${ENTRIES_PATH}%2F`,
    `${ENTRIES_PATH}%00`,
    `${ENTRIES_PATH};x`,
    '/API/v2/log/entries',
    `${ENTRIES_PATH}:verb`,
    `${ENTRIES_PATH}?x=1`,
    `${ENTRIES_PATH}?%zz`,
    `${ENTRIES_PATH}?hashedRekordRequestV002.digest=AAAA`,
    `http://localhost${ENTRIES_PATH}`,
    '/api/v2/log',
    '/api/v1/log/entries',
    '/dev.sigstore.rekor.v2.Rekor/CreateEntry',
    '/metrics',
  ];
  return targets.map((target) => row(`entries-targets/POST ${target}`, { target, body: '{}' }));
}

function health(): HttpRow[] {
  const gets = ['/healthz', '/healthz?service=x', '/healthz?service=a&service=b', '/healthz?foo=1', '/healthz?%zz'];
  const others = ['/healthz/', '//healthz', '/health%7a', '/healthz?a;b'];
  return [
    ...[...gets, ...others].map((target) => row(`health/GET ${target}`, { method: 'GET', target })),
    ...['HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE'].map((method) =>
      row(`health/${method}`, { method, target: '/healthz' }),
    ),
    row('health/GET with a body', { method: 'GET', target: '/healthz', body: 'hello' }),
    row('health/GET with an Origin', { method: 'GET', target: '/healthz', headers: ['Origin: https://example.com'] }),
    row('health/POST as a form', {
      target: '/healthz',
      headers: ['Content-Type: application/x-www-form-urlencoded'],
      body: '',
    }),
  ];
}

function unknownPaths(): HttpRow[] {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE'];
  return [
    ...methods.map((method) => row(`unknown/${method} /nope`, { method, target: '/nope' })),
    ...['/', '/nope?x=1', `${ENTRIES_PATH}/1`].map((target) => row(`unknown/GET ${target}`, { method: 'GET', target })),
  ];
}

function row(name: string, parts: HttpParts): HttpRow {
  return { kind: 'http', name, request: httpRequest(parts) };
}
