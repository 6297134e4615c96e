import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStore } from '@tilewright/store-memory';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { framed, rawGrpc, rekorMethod } from '../../testing/raw-grpc.ts';
import { gatedStore } from '../../testing/slow-store.ts';
import { type TestServer, type TestServerChanges, testServer } from '../../testing/test-server.ts';
import { until } from '../../testing/until.ts';
import { writeRequest } from '../../testing/write-request.ts';

const FRAIL = new URL('../../testing/frail-front-end.ts', import.meta.url);
const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(changes: TestServerChanges = {}): Promise<TestServer> {
  const server = await testServer({ frontEnds: {}, ...changes });
  running.push(server);
  return server;
}

/** A thread without a sign of life for thirty beats is replaced: only a test that waits for that makes them short. */
async function startFrail(beatMs: number, changes: TestServerChanges = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'frail-'));
  const server = await start({
    ...changes,
    frontEnds: { workerFile: FRAIL, reading: { kind: 'directory', directory }, beatMs, threads: 2 },
  });
  const tell = (word: string): void => writeFileSync(join(directory, word), '');
  return { server, tell };
}

const post = (server: TestServer, body = writeRequest().json) =>
  fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body });

async function scraped(server: TestServer, line: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.server.ports.metrics}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? Number.NaN);
}

test('several threads make one log: indexes without gaps, duplicates known across them, counts added up', async () => {
  const server = await start();
  const bodies = Array.from({ length: 60 }, () => writeRequest().json);
  const answers = await Promise.all(bodies.map((body) => post(server, body)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const entries = await Promise.all(answers.map((answer) => answer.json()));
  const indexes = entries.map((entry) => Number(Reflect.get(entry as object, 'logIndex')));
  expect(indexes.toSorted((a, b) => a - b)).toEqual(bodies.map((_, i) => i));
  const again = await Promise.all(bodies.slice(0, 10).map((body) => post(server, body)));
  expect(again.map((answer) => [answer.status, Number(answer.headers.get('x-log-index'))])).toEqual(
    indexes.slice(0, 10).map((index) => [409, index]),
  );
  expect(await scraped(server, 'rekor_v2_new_hashedrekord_entries')).toBe(60);
  expect(await scraped(server, 'rekor_v2_http_requests_total{code="201",method="post"}')).toBe(60);
  expect(await scraped(server, 'rekor_v2_http_api_latency_bucket{code="201",method="post",le="+Inf"}')).toBe(60);
  expect(await scraped(server, 'tilewright_log_sequenced_entries_total')).toBe(60);
  expect(await scraped(server, 'tilewright_verify_backend{backend="openssl"}')).toBe(1);
});

test('gRPC is served by them too', async () => {
  const server = await start();
  const method = rekorMethod('CreateEntry');
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => rawGrpc(server.server.ports.grpc, method, framed(writeRequest().wire))),
  );
  expect(replies.map(({ trailers }) => trailers['grpc-status'])).toEqual(Array(8).fill('0'));
  expect(server.log.status().next).toBe(8);
});

test('a refused request is told in the log of the server', async () => {
  const server = await start();
  expect((await post(server, '{}')).status).toBe(400);
  await until(() => server.lines.some(({ message }) => message.startsWith('invalid type')));
});

test('a port that somebody has is refused, though threads share theirs', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen({ port: 0, host: '127.0.0.1', reusePort: true }, resolve));
  onTestFinished(() => void other.close());
  const bound = other.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  const http = { host: '127.0.0.1', port };
  await expect(start({ options: { http } })).rejects.toMatchObject({ name: 'ServerError', code: 'port-busy' });
  await expect(start({ options: { grpc: http } })).rejects.toMatchObject({ code: 'port-busy' });
  await expect(start({ options: { metrics: http } })).rejects.toMatchObject({ code: 'port-busy' });
});

test('a thread that cannot listen says why, and none stays', async () => {
  const http = { host: '127.0.0.1', port: 0, certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' };
  await expect(start({ options: { http } })).rejects.toMatchObject({ name: 'ServerError', code: 'bad-certificate' });
});

test('a thread that dies ends its requests, leaves its entries in the log, and is replaced', async () => {
  const { store, gate } = gatedStore(openMemoryStore());
  const { server, tell } = await startFrail(1000, { stores: () => store });
  await post(server);
  gate.close();
  const requests = Array.from({ length: 32 }, () =>
    post(server).then(
      ({ status }) => status,
      () => 'ended',
    ),
  );
  await until(() => server.log.status().next + server.log.status().entries >= 33);
  tell('die');
  await until(() => server.lines.some(({ message }) => message.includes('died and is replaced')));
  gate.open();
  const outcomes = await Promise.all(requests);
  expect(outcomes.filter((outcome) => outcome === 'ended').length).toBeGreaterThan(0);
  expect(outcomes.filter((outcome) => outcome !== 'ended' && outcome !== 201)).toEqual([]);
  await until(() => server.log.status().published === 33);
  expect(await scraped(server, 'tilewright_http_worker_restarts_total')).toBe(1);
  expect((await post(server)).status).toBe(201);
  // The thread that died had told of the first entry, unless the other one took it.
  expect(await scraped(server, 'rekor_v2_new_hashedrekord_entries')).toBeGreaterThanOrEqual(2);
});

test('a thread that hangs is replaced', async () => {
  const { server, tell } = await startFrail(20);
  tell('hang');
  await until(() => server.lines.some(({ attributes: { reason } }) => String(reason).includes('no sign of life')));
  for (let i = 0; i < 20; i++) expect((await post(server)).status).toBe(201);
});

test('threads that do not come up make no server', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'frail-'));
  writeFileSync(join(directory, 'stillborn'), '');
  const frontEnds = { workerFile: FRAIL, reading: { kind: 'directory', directory }, threads: 2 } as const;
  await expect(start({ frontEnds })).rejects.toMatchObject({ code: 'worker-failed', message: /never alive/ });
});

test('readiness crosses, and at the end requests under way are answered and nobody listens any more', async () => {
  const { store, gate } = gatedStore(openMemoryStore());
  const server = await start({ stores: () => store });
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  gate.close();
  const under = Array.from({ length: 8 }, () => post(server));
  await until(() => server.log.status().next + server.log.status().entries >= 8);
  const closed = server.server.shutdown(5000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  gate.open();
  expect((await Promise.all(under)).map(({ status }) => status)).toEqual(Array(8).fill(201));
  await closed;
  const refused = new Promise((resolve) => connect(server.server.ports.http, '127.0.0.1').once('error', resolve));
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
});

test('a read-only server takes nothing', async () => {
  const server = await start({ readOnly: true });
  expect((await post(server)).status).toBe(405);
});
