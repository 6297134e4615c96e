import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { asHash, asLeafIndex, asTreeSize, decodeBase64 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { openMemoryStore } from '@tilewright/store-memory';
import { afterEach, expect, test } from 'vitest';
import { answerJson } from '../../../testing/answer-json.ts';
import { framed, rawGrpc, rekorMethod } from '../../../testing/raw-grpc.ts';
import { rawHttp } from '../../../testing/raw-http.ts';
import { gatedStore } from '../../../testing/slow-store.ts';
import { type TestServer, type TestServerChanges, testServer } from '../../../testing/test-server.ts';
import { until } from '../../../testing/until.ts';
import { writeRequest } from '../../../testing/write-request.ts';
import type { EntryLog } from '../../service/create-entry.ts';

const WRITE = '/api/v2/log/entries';
const MIB = 1024 * 1024;
const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(changes?: TestServerChanges): Promise<TestServer> {
  const server = await testServer(changes);
  running.push(server);
  return server;
}

async function startGated(changes?: TestServerChanges) {
  const gated = gatedStore(openMemoryStore());
  return { gate: gated.gate, server: await start({ ...changes, stores: () => gated.store }) };
}

const post = (server: TestServer, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${WRITE}`, { method: 'POST', body, headers });

const counted = (server: TestServer, line: string): number => {
  const found = server.metrics.registry
    .text()
    .split('\n')
    .find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? Number.NaN);
};

test('a created entry proves itself', async () => {
  const server = await start();
  await Promise.all(Array.from({ length: 20 }, () => post(server, writeRequest().json)));
  const response = await post(server, writeRequest().json);
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('application/json');
  const text = await response.text();
  expect(response.headers.get('content-length')).toBe(String(text.length));
  const entry = JSON.parse(text);
  expect(Object.keys(entry)).toEqual([
    'logIndex',
    'logId',
    'kindVersion',
    'integratedTime',
    'inclusionPromise',
    'inclusionProof',
    'canonicalizedBody',
  ]);
  expect(Object.keys(entry.inclusionProof)).toEqual(['logIndex', 'rootHash', 'treeSize', 'hashes', 'checkpoint']);
  expect(entry).toMatchObject({
    logIndex: '20',
    logId: { keyId: server.key.logIdBase64 },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    integratedTime: '0',
    inclusionPromise: null,
    inclusionProof: { logIndex: '20' },
  });
  const proof = entry.inclusionProof;
  const note = new TextEncoder().encode(proof.checkpoint.envelope);
  const checkpoint = openCheckpoint(note, 'rekor.test', server.key.verifier);
  expect(proof.treeSize).toBe(String(checkpoint.size));
  const root = asHash(decodeBase64(proof.rootHash));
  const hashes = proof.hashes.map((hash: string) => asHash(decodeBase64(hash)));
  const tree = { size: asTreeSize(Number(proof.treeSize)), root };
  verifyInclusion(leafHash(decodeBase64(entry.canonicalizedBody)), asLeafIndex(20), tree, hashes);
  expect(counted(server, 'rekor_v2_new_hashedrekord_entries')).toBe(21);
});

test('a duplicate names the entry and brings it along', async () => {
  const server = await start();
  const { json } = writeRequest();
  const first = await answerJson(await post(server, json));
  await post(server, writeRequest().json);
  const again = await post(server, json);
  expect(again.status).toBe(409);
  expect(again.headers.get('x-log-index')).toBe('0');
  const body = await answerJson(again);
  expect(body).toMatchObject({
    code: 6,
    message: 'an equivalent entry already exists in the transparency log with index 0',
  });
  expect(body.details).toEqual([
    expect.objectContaining({
      '@type': 'type.googleapis.com/dev.sigstore.rekor.v1.TransparencyLogEntry',
      canonicalizedBody: first.canonicalizedBody,
      inclusionProof: expect.objectContaining({ treeSize: '2' }),
    }),
  ]);
});

test('told to return duplicates, the server answers as for a new entry, and counts none', async () => {
  const server = await start({ options: { onDuplicate: 'return' } });
  const { json } = writeRequest();
  const first = await post(server, json);
  const again = await post(server, json);
  expect(again.status).toBe(201);
  expect(again.headers.get('x-log-index')).toBeNull();
  expect(await again.json()).toEqual(await first.json());
  expect(counted(server, 'rekor_v2_new_hashedrekord_entries')).toBe(1);
});

test('a refusal says why in its details and in the log, with the trace id of the request', async () => {
  const server = await start();
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const response = await post(server, '{"hashedRekordRequestV002":{}}', {
    traceparent: `00-${trace}-00f067aa0ba902b7-01`,
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    code: 3,
    message: 'invalid hashedrekord request',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'MISSING_FIELD',
        domain: 'tilewright',
        metadata: { detail: 'missing signature' },
      },
    ],
  });
  expect(server.lines).toContainEqual({
    level: 'warn',
    message: 'invalid hashedrekord request',
    attributes: { reason: 'missing-field', error: 'missing signature', trace },
  });
});

test('a frozen log answers in plain text, but says first what cannot be read', async () => {
  const server = await start({ readOnly: true });
  for (const body of ['{}', '', writeRequest().json]) {
    const response = await post(server, body);
    expect(response.status).toBe(405);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('This log has been frozen, please switch to the latest log.\n');
  }
  expect((await post(server, '{')).status).toBe(400);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test.each([
  ['blank, at the limit', ' '.repeat(4 * MIB), 400, 'invalid type, must be hashedrekord', null],
  ['blank, over it', ' '.repeat(4 * MIB + 1), 400, 'http: request body too large', 'close'],
  ['twice the limit', ' '.repeat(8 * MIB), 400, 'http: request body too large', 'close'],
  [
    'a value that ends beyond the limit',
    `{"a":"${'a'.repeat(4 * MIB)}"}`,
    400,
    'http: request body too large',
    'close',
  ],
  ['a value and then too much', `{}${' '.repeat(8 * MIB)}`, 400, 'invalid type, must be hashedrekord', 'close'],
  ['a value and then a lot', `{}${' '.repeat(MIB)}`, 400, 'invalid type, must be hashedrekord', 'close'],
])('size: %s', async (_name, body, status, message, connection) => {
  const { server } = await start();
  const head = [`POST ${WRITE} HTTP/1.1`, 'Host: a', `Content-Length: ${body.length}`];
  const answer = await rawHttp(server.ports.http, { head, body });
  expect([answer.status, JSON.parse(answer.body).message]).toEqual([status, message]);
  expect(answer.headers.connection ?? null).toBe(connection);
});

test('an oversized body to another route is read before the answer, so that the answer arrives', async () => {
  const { server } = await start();
  const body = ' '.repeat(4 * MIB + 1);
  const answer = await rawHttp(server.ports.http, {
    head: ['POST /nope HTTP/1.1', 'Host: a', `Content-Length: ${body.length}`],
    body,
  });
  expect(answer).toMatchObject({ status: 404, headers: { connection: 'close' } });
});

test('bodies in chunks, with and without broken ones', async () => {
  const { server } = await start();
  const { json } = writeRequest();
  const head = [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Transfer-Encoding: chunked'];
  const chunks = json.match(/.{1,7}/g)?.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`) ?? [];
  const good = await rawHttp(server.ports.http, { head, body: `${chunks.join('')}0\r\n\r\n` });
  expect(good.status).toBe(201);
  const bad = await rawHttp(server.ports.http, { head, body: 'zz\r\n{}\r\n0\r\n\r\n' });
  expect(bad).toMatchObject({ status: 400, headers: { connection: 'close', 'content-type': 'application/json' } });
});

test.each([
  ['x', 400, 'invalid grpc-timeout: x'],
  ['1', 400, 'invalid grpc-timeout: 1'],
  ['5s', 400, 'invalid grpc-timeout: 5s'],
  ['1.5S', 400, 'invalid grpc-timeout: 1.5S'],
  ['1 S', 400, 'invalid grpc-timeout: 1 S'],
  ['99999999999999999999S', 400, 'invalid grpc-timeout: 99999999999999999999S'],
  ['', 400, 'invalid type, must be hashedrekord'],
  ['0m', 400, 'invalid type, must be hashedrekord'],
  ['+5S', 400, 'invalid type, must be hashedrekord'],
  ['00000005S', 400, 'invalid type, must be hashedrekord'],
  ['1000000000S', 400, 'invalid type, must be hashedrekord'],
  ['1n', 504, 'context deadline exceeded'],
  ['-1m', 504, 'context deadline exceeded'],
  ['99999999H', 504, 'context deadline exceeded'],
])('Grpc-Timeout %j with {}: %i %s', async (timeout, status, message) => {
  const server = await start();
  const { port } = new URL(server.url);
  const head = [`POST ${WRITE} HTTP/1.1`, 'Host: a', 'Content-Length: 2', `Grpc-Timeout: ${timeout}`];
  const answer = await rawHttp(Number(port), { head, body: '{}' });
  expect([answer.status, JSON.parse(answer.body).message]).toEqual([status, message]);
});

test('broken JSON is told before a passed deadline, a bad deadline before broken JSON', async () => {
  const server = await start();
  expect((await answerJson(await post(server, '{', { 'Grpc-Timeout': '1n' }))).message).toBe('unexpected EOF');
  expect((await answerJson(await post(server, '{', { 'Grpc-Timeout': 'x' }))).message).toBe('invalid grpc-timeout: x');
  expect((await fetch(`${server.url}/healthz`, { headers: { 'Grpc-Timeout': '1n' } })).status).toBe(504);
  expect((await fetch(`${server.url}/healthz`, { headers: { 'Grpc-Timeout': 'x' } })).status).toBe(400);
  const metadata = await post(server, '{}', { 'Grpc-Metadata-Foo-Bin': '***' });
  expect((await answerJson(metadata)).message).toBe(
    'invalid binary header Grpc-Metadata-Foo-Bin: illegal base64 data at input byte 0',
  );
});

test('one request that times out fails none of thirty others', async () => {
  const { server, gate } = await startGated();
  gate.close();
  const late = post(server, writeRequest().json, { 'Grpc-Timeout': '150m' });
  const others = Array.from({ length: 30 }, () => post(server, writeRequest().json));
  const answer = await late;
  expect(answer.status).toBe(504);
  expect(await answer.json()).toEqual({ code: 4, message: 'context deadline exceeded', details: [] });
  gate.open();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual(others.map(() => 201));
});

test('a client that goes away is counted as 499 and fails none of the others', async () => {
  const { server, gate } = await startGated();
  gate.close();
  const { json } = writeRequest();
  const leaving = new AbortController();
  const gone = fetch(`${server.url}${WRITE}`, { method: 'POST', body: json, signal: leaving.signal });
  const others = Array.from({ length: 30 }, () => post(server, writeRequest().json));
  await until(() => server.log.status().entries === 31);
  leaving.abort();
  await expect(gone).rejects.toThrow();
  await until(() => counted(server, 'rekor_v2_http_requests_total{code="499",method="post"}') === 1);
  gate.open();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual(others.map(() => 201));
  expect((await post(server, json)).status).toBe(409);
  expect(counted(server, 'promhttp_metric_handler_requests_in_flight')).toBe(0);
});

test('a client that goes away in the middle of its body leaves nothing behind', async () => {
  const server = await start();
  const socket = connect(server.server.ports.http, '127.0.0.1');
  socket.write(`POST ${WRITE} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"hashed`);
  await until(() => counted(server, 'promhttp_metric_handler_requests_in_flight') === 1);
  socket.destroy();
  await until(() => counted(server, 'promhttp_metric_handler_requests_in_flight') === 0);
  expect((await post(server, writeRequest().json)).status).toBe(201);
});

test('no answer within the server timeout is a 504, not a dropped connection', async () => {
  const { server, gate } = await startGated({ options: { timeoutMs: 300 } });
  gate.close();
  const response = await post(server, writeRequest().json);
  expect(response.status).toBe(504);
  gate.open();
});

test('more request bytes than may be held are refused with a time to come back', async () => {
  const server = await start({ options: { maxBufferedBytes: 1000 } });
  const response = await post(server, ' '.repeat(2000));
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toEqual({
    code: 14,
    message: 'reached max pushback; retry',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }],
  });
  expect(counted(server, 'tilewright_requests_refused_total{reason="request-bytes"}')).toBe(1);
  expect((await post(server, ' '.repeat(900))).status).toBe(400);
});

test('an engine that pushes back is a 503', async () => {
  const { server, gate } = await startGated({ limits: { outstanding: { maxEntries: 2, maxBytes: MIB } } });
  gate.close();
  const taken = [post(server, writeRequest().json), post(server, writeRequest().json)];
  await until(() => server.log.status().entries === 2);
  const refused = await post(server, writeRequest().json);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  gate.open();
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([201, 201]);
});

test('pipelined requests are answered in order', async () => {
  const server = await start();
  const requests = [writeRequest().json, '{', writeRequest().json];
  const socket = connect(server.server.ports.http, '127.0.0.1');
  const head = (body: string) => `POST ${WRITE} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.write(requests.map(head).join(''));
  await until(() => received.split('HTTP/1.1 ').length === 4 && received.endsWith('}'));
  expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])).toEqual(['201', '400', '201']);
  socket.destroy();
});

test('garbage behind a request does not spoil its answer', async () => {
  const { server, gate } = await startGated();
  gate.close();
  const { json } = writeRequest();
  const socket = connect(server.server.ports.http, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.write(`POST ${WRITE} HTTP/1.1\r\nHost: a\r\nContent-Length: ${json.length}\r\n\r\n${json}`);
  await until(() => server.log.status().entries === 1);
  socket.write('garbage\r\n\r\n');
  await sleep(50);
  gate.open();
  await new Promise((resolve) => socket.on('close', resolve));
  const [, answer, refusal, ...more] = received.split('HTTP/1.1 ');
  expect([answer?.slice(0, 4), refusal?.slice(0, 4), more]).toEqual(['201 ', '400 ', []]);
});

test('bodies and calls are logged only when that was asked for', async () => {
  const quiet = await start();
  await post(quiet, writeRequest().json);
  expect(quiet.lines.filter(({ level }) => level === 'debug')).toEqual([]);
  const loud = await start({ options: { callLog: { calls: true, bodies: true } } });
  const { json } = writeRequest();
  await post(loud, json);
  const debug = loud.lines.filter(({ level }) => level === 'debug');
  expect(debug.map(({ message }) => message)).toEqual(['payload received', 'finished call', 'payload sent']);
  expect(debug[0]?.attributes.body).toBe(json);
  expect(debug[1]?.attributes).toMatchObject({ method: 'CreateEntry', code: 'OK' });
  expect(new Set(debug.map(({ attributes }) => attributes.trace)).size).toBe(1);
});

test('a request whose check never ends is answered all the same, over both transports', async () => {
  const stuck = { unready: 'stuck', prepare: () => new Promise<never>(() => undefined) };
  const server = await start({ deps: { preparer: stuck } });
  const call = rawGrpc(server.server.ports.grpc, rekorMethod('CreateEntry'), framed(writeRequest().wire), {
    'grpc-timeout': '20m',
  });
  const response = await post(server, writeRequest().json, { 'Grpc-Timeout': '20m' });
  expect(response.status).toBe(504);
  expect((await call).status).toBe(4);
  const ready = await fetch(`${server.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason: 'stuck' }]);
});

test('an exception while an answer is made is a 500 for that request alone', async () => {
  const broken = { index: 0, duplicate: false, publication: undefined, proof: [] };
  const log = { expect: () => ({ cancel: () => undefined }), add: async () => broken, prove: async () => broken };
  const server = await start({ deps: { log: log as unknown as EntryLog } });
  const response = await post(server, writeRequest().json);
  expect([response.status, await response.json()]).toEqual([
    500,
    { code: 13, message: 'internal server error', details: [] },
  ]);
  const call = await rawGrpc(server.server.ports.grpc, rekorMethod('CreateEntry'), framed(writeRequest().wire));
  expect([call.status, call.message]).toEqual([13, 'internal server error']);
  expect(counted(server, 'rekor_v2_grpc_req_panics_recovered_total')).toBe(2);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
