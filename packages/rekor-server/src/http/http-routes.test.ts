import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawHttp } from '../../testing/raw-http.ts';
import { type TestServer, testServer } from '../../testing/test-server.ts';
import { writeRequest } from '../../testing/write-request.ts';

let server: TestServer;
let port: number;
beforeAll(async () => {
  server = await testServer();
  port = server.server.ports.http;
  await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: writeRequest().json });
});
afterAll(() => server.close());

const NOT_FOUND = [404, '{"code":5,"message":"Not Found","details":[]}'] as const;
const NOT_ALLOWED = [501, '{"code":12,"message":"Method Not Allowed","details":[]}'] as const;
const EMPTY = [400, '{"code":3,"message":"invalid type, must be hashedrekord"}'] as const;
const BAD_TARGET = [400, '{"code":3,"message":"Bad Request","details":[]}'] as const;
const SERVING = [200, '{"status":"SERVING"}'] as const;
const WRITE = '/api/v2/log/entries';

/** JSON without white space and without the details of a refusal, or the text as it is. */
function comparable(body: string, contentType: string | undefined): string {
  if (contentType !== 'application/json') return body;
  const { details, ...rest } = JSON.parse(body);
  return JSON.stringify(details === undefined || details.length > 0 ? rest : { ...rest, details });
}

// Recorded from rekor-server-posix v2.3.0.
test.each<[string, string, number, string]>([
  ['GET', WRITE, ...NOT_ALLOWED],
  ['PUT', WRITE, ...NOT_ALLOWED],
  ['DELETE', WRITE, ...NOT_ALLOWED],
  ['PATCH', WRITE, ...NOT_ALLOWED],
  ['OPTIONS', WRITE, ...NOT_ALLOWED],
  ['TRACE', WRITE, ...NOT_ALLOWED],
  ['FOO', WRITE, ...NOT_ALLOWED],
  ['post', WRITE, ...NOT_ALLOWED],
  ['FOO', '/nope', ...NOT_FOUND],
  ['POST', '/', ...NOT_FOUND],
  ['POST', '*', ...BAD_TARGET],
  ['POST', 'http://localhost', ...BAD_TARGET],
  ['POST', 'http://localhost/api/v2/log/entries', ...EMPTY],
  ['POST', `${WRITE}/`, ...NOT_FOUND],
  ['POST', `/${WRITE}`, ...NOT_FOUND],
  ['POST', '/api//v2/log/entries', ...NOT_FOUND],
  ['POST', `${WRITE}/x`, ...NOT_FOUND],
  ['POST', '/api/v2/log/./entries', ...NOT_FOUND],
  ['POST', '/api/v2/log/../log/entries', ...NOT_FOUND],
  ['POST', '/api/v2/log/%65ntries', ...EMPTY],
  ['POST', '/api/v2/log%2Fentries', ...EMPTY],
  ['POST', '/%61pi/v2/log/entries', ...EMPTY],
  ['POST', `${WRITE}%2F`, ...NOT_FOUND],
  ['POST', `${WRITE}%00`, ...NOT_FOUND],
  ['POST', `${WRITE}%ff`, ...NOT_FOUND],
  ['POST', `${WRITE};x`, ...NOT_FOUND],
  ['POST', `${WRITE}:verb`, ...NOT_FOUND],
  ['POST', `${WRITE}#f`, ...NOT_FOUND],
  ['POST', '/API/v2/log/entries', ...NOT_FOUND],
  ['POST', `${WRITE}?x=1`, ...EMPTY],
  ['POST', `${WRITE}?%zz`, ...EMPTY],
  ['POST', '/dev.sigstore.rekor.v2.Rekor/CreateEntry', ...NOT_FOUND],
  ['POST', '/metrics', ...NOT_FOUND],
  ['POST', '/version', ...NOT_FOUND],
  ['POST', '/readyz', ...NOT_FOUND],
  ['POST', '/log-info', ...NOT_FOUND],
  ['POST', '/checkpoint', ...NOT_FOUND],
  ['GET', '/healthz', ...SERVING],
  ['GET', '/healthz?service=x', ...SERVING],
  ['GET', '/healthz?%zz', ...SERVING],
  ['GET', '/health%7a', ...SERVING],
  ['GET', '/healthz/', ...NOT_FOUND],
  ['GET', '//healthz', ...NOT_FOUND],
  ['POST', '/healthz', ...NOT_ALLOWED],
  ['OPTIONS', '/healthz', ...NOT_ALLOWED],
  ['PUT', '/api/v2/checkpoint', ...NOT_ALLOWED],
  ['POST', '/api/v2/tile/0/000', ...NOT_ALLOWED],
  ['DELETE', '/api/v2/tile/entries/000', ...NOT_ALLOWED],
  ['POST', '/api/v2/tile/', ...NOT_ALLOWED],
  ['GET', '/api/v2/tile', ...NOT_FOUND],
  ['GET', '/api/v2/checkpoint/', ...NOT_FOUND],
  ['GET', '/nope', ...NOT_FOUND],
  ['OPTIONS', '/nope', ...NOT_FOUND],
  ['OPTIONS', '*', 200, ''],
])('%s %s: %i', async (method, target, status, body) => {
  const answer = await rawHttp(port, {
    head: [`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Content-Length: 0'],
  });
  expect(answer.status).toBe(status);
  expect(comparable(answer.body, answer.headers['content-type'])).toBe(body);
  if (body !== '') expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.headers).not.toHaveProperty('connection');
});

test.each([
  ['/healthz', 501, 57],
  [WRITE, 501, 57],
  ['/api/v2/checkpoint', 501, 57],
  ['/api/v2/tile/0/000', 501, 57],
  ['/nope', 404, 47],
])('HEAD %s: %i, the length of a body that does not come', async (target, status, length) => {
  const answer = await rawHttp(port, { head: [`HEAD ${target} HTTP/1.1`, 'Host: localhost'] });
  expect(answer).toMatchObject({ status, body: '', headers: { 'content-length': String(length) } });
});

test('a posted form stands for the method that it names, and for GET where only GET is known', async () => {
  const form = ['Host: localhost', 'Content-Length: 0', 'Content-Type: application/x-www-form-urlencoded'];
  const override = 'X-HTTP-Method-Override: get';
  const statusOf = async (target: string, ...more: string[]) =>
    (await rawHttp(port, { head: [`POST ${target} HTTP/1.1`, ...form, ...more] })).status;
  expect(await statusOf('/healthz')).toBe(200);
  expect(await statusOf('/api/v2/checkpoint')).toBe(200);
  expect(await statusOf(WRITE)).toBe(400);
  expect(await statusOf(WRITE, override)).toBe(501);
  const json = ['POST /healthz HTTP/1.1', 'Host: localhost', 'Content-Length: 0', override];
  expect((await rawHttp(port, { head: json })).status).toBe(501);
});

// What Go's net/http answers below the API: text, no length, the connection ends.
test.each<[string, string[], number, string]>([
  ['no Host', ['GET /healthz HTTP/1.1'], 400, '400 Bad Request: missing required Host header'],
  ['two Hosts', ['GET /healthz HTTP/1.1', 'Host: a', 'Host: b'], 400, '400 Bad Request'],
  [
    'HTTP/2.0',
    ['GET /healthz HTTP/2.0', 'Host: a'],
    505,
    '505 HTTP Version Not Supported: unsupported protocol version',
  ],
  ['HTTP/0.9', ['GET /healthz'], 400, '400 Bad Request'],
  ['garbage', ['garbage'], 400, '400 Bad Request'],
  ['no colon', ['GET /healthz HTTP/1.1', 'Host: a', 'bad header line'], 400, '400 Bad Request'],
  ['bad header name', ['GET /healthz HTTP/1.1', 'Host: a', 'Bad Name: x'], 400, '400 Bad Request: invalid header name'],
  [
    'huge header',
    ['GET /healthz HTTP/1.1', 'Host: a', `X: ${'a'.repeat(2 ** 20)}`],
    431,
    '431 Request Header Fields Too Large',
  ],
  ['no slash', ['GET api HTTP/1.1', 'Host: a'], 400, '400 Bad Request'],
  ['bad escape', ['GET /healthz%zz HTTP/1.1', 'Host: a'], 400, '400 Bad Request'],
  ['bad method', ['G@T /healthz HTTP/1.1', 'Host: a'], 400, '400 Bad Request'],
  ['bad length', [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Content-Length: x'], 400, '400 Bad Request'],
  [
    'two lengths',
    [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Content-Length: 2', 'Content-Length: 3'],
    400,
    '400 Bad Request',
  ],
  [
    'a length and chunks',
    [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Content-Length: 2', 'Transfer-Encoding: chunked'],
    400,
    '400 Bad Request',
  ],
  ['a coding', [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Transfer-Encoding: gzip'], 501, 'Unsupported transfer encoding'],
])('no HTTP, %s: %i', async (_name, head, status, body) => {
  const answer = await rawHttp(port, { head });
  expect(answer).toMatchObject({ status, body });
  expect(answer.headers).toEqual({ 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
});

test('large headers and targets are taken', async () => {
  const big = await rawHttp(port, { head: ['GET /healthz HTTP/1.1', 'Host: a', `X: ${'a'.repeat(100 * 1024)}`] });
  expect(big.status).toBe(200);
  const long = await rawHttp(port, { head: [`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: a'] });
  expect(long.status).toBe(404);
});

test('an expectation is met where the body is wanted, and only there', async () => {
  const { json } = writeRequest();
  const head = ['Host: a', 'Expect: 100-continue', `Content-Length: ${json.length}`];
  const written = await rawHttp(port, { head: [`POST ${WRITE} HTTP/1.1`, ...head], afterContinue: json });
  expect(written).toMatchObject({ status: 201, continued: true });
  const unknown = await rawHttp(port, { head: ['POST /nope HTTP/1.1', ...head], afterContinue: json });
  expect(unknown).toMatchObject({ status: 404, continued: false, headers: { connection: 'close' } });
  const other = await rawHttp(port, { head: [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Expect: x', 'Content-Length: 0'] });
  expect(other).toMatchObject({ status: 417, body: '', headers: { connection: 'close' } });
});

test('old and closing clients are told what becomes of the connection', async () => {
  const ask = (version: string, ...headers: string[]) =>
    rawHttp(port, { head: [`GET /healthz ${version}`, 'Host: a', ...headers] });
  expect((await ask('HTTP/1.0')).headers).not.toHaveProperty('connection');
  expect((await ask('HTTP/1.0', 'Connection: keep-alive')).headers.connection).toBe('keep-alive');
  expect((await ask('HTTP/1.1', 'Connection: close')).headers.connection).toBe('close');
  expect((await ask('HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket')).status).toBe(200);
});
