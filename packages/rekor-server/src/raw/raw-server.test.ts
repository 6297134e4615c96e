import { connect } from 'node:net';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { DEFAULT_LOG_OPTIONS, type Log, type LogOptions, openLog } from '@tilewright/log';
import { checkLog, realClock, realEntropy } from '@tilewright/log/testing';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { openMemoryStore } from '@tilewright/store-memory';
import { afterEach, expect, test } from 'vitest';
import { gatedStore } from '../../testing/slow-store.ts';
import { recordingLog } from '../../testing/test-server.ts';
import { createServerMetrics } from '../metrics/server-metrics.ts';
import { readPathOfStores } from '../reading/read-path.ts';
import { DEFAULT_LIMITS, type RekorServerOptions } from '../server-options.ts';
import { startRawServer } from './start-raw-server.ts';

const HOST = '127.0.0.1';
const key = loadSignerFile(generateEd25519KeyPem(), 'raw.test/log');
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of running.splice(0)) await close();
});

async function start(
  changes: {
    readonly limits?: Partial<LogOptions>;
    readonly options?: Partial<RekorServerOptions>;
    readonly readOnly?: boolean;
  } = {},
) {
  const { store, gate } = gatedStore(openMemoryStore());
  const { objects, checkpoints, sequence } = store;
  const log: Log = await openLog(
    {
      origin: key.origin,
      signers: [key.signer],
      verifier: key.verifier,
      objects,
      checkpoints,
      sequence,
      clock: realClock(),
      entropy: realEntropy(),
      events: { emit: () => undefined },
    },
    { ...DEFAULT_LOG_OPTIONS, duplicates: 'keep', ...changes.limits },
  );
  const address = { host: HOST, port: 0 };
  const metrics = createServerMetrics({ version: 'v0.0.0', revision: 'test', buildDate: 'never' });
  const { log: serverLog, lines } = recordingLog();
  const server = await startRawServer(
    { ...DEFAULT_LIMITS, http: address, metrics: address, build: metricsBuild, allowAnyPort: true, ...changes.options },
    {
      log: changes.readOnly === true ? undefined : log,
      readPath: readPathOfStores(objects, checkpoints),
      facts: key,
      metrics,
      serverLog,
      readiness: () => log.status().unready,
      nowMs: () => performance.now(),
    },
  );
  running.push(async () => {
    gate.open();
    await server.shutdown(1000);
    await log.close({ timeoutMs: 1000 });
  });
  const url = `http://${HOST}:${server.ports.http}`;
  const add = (body: string | Uint8Array<ArrayBuffer>, init: RequestInit = {}) =>
    fetch(`${url}/add`, { method: 'POST', body, ...init });
  return { url, add, log, gate, lines, port: server.ports.http, store };
}

const metricsBuild = { version: 'v0.0.0', revision: 'test', buildDate: 'never' };

test('the body is the entry, the answer its index in digits, and the entry is published soon after', async () => {
  const { url, add, log } = await start();
  for (const [i, body] of ['first', '', 'first'].entries()) {
    const answer = await add(body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe(String(i));
  }
  await expect.poll(() => log.published().tree.size).toBe(3);
  const bundle = new Uint8Array(await (await fetch(`${url}/tile/entries/000.p/3`)).arrayBuffer());
  expect(bundle).toEqual(encodeUtf8('\0\x05first\0\0\0\x05first'));
  const tile = new Uint8Array(await (await fetch(`${url}/tile/0/000.p/3`)).arrayBuffer());
  expect(tile.subarray(0, 32)).toEqual(leafHash(encodeUtf8('first')));
  expect(await (await fetch(`${url}/checkpoint`)).text()).toMatch(/^raw\.test\/log\n3\n/);
});

test('512 writers at once: contiguous indexes, each entry at its own', async () => {
  const { add, store } = await start();
  const indexes = await Promise.all(Array.from({ length: 512 }, async (_, i) => (await add(`entry ${i}`)).text()));
  expect(new Set(indexes).size).toBe(512);
  for (const close of running.splice(0)) await close();
  const { entries } = await checkLog({ origin: key.origin, verifier: key.verifier, ...store });
  expect(entries).toHaveLength(512);
  for (const [i, index] of indexes.entries()) expect(entries[Number(index)]).toEqual(encodeUtf8(`entry ${i}`));
});

test('an answer comes when the entry is durable, and not before', async () => {
  const { add, gate } = await start();
  gate.close();
  let answered = false;
  const answer = add('x').then((response) => {
    answered = true;
    return response;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answered).toBe(false);
  gate.open();
  expect(await (await answer).text()).toBe('0');
});

test('an entry of 65,535 bytes is taken, one of more is 413', async () => {
  const { add, log } = await start();
  expect((await add(new Uint8Array(65_535).fill(7))).status).toBe(200);
  const refused = await add(new Uint8Array(65_536));
  expect(refused.status).toBe(413);
  expect(await refused.text()).toBe('an entry has at most 65535 bytes\n');
  expect((await add(new Uint8Array(200_000))).status).toBe(413);
  expect(log.status().next).toBe(1);
});

test('a body that never ends is cut off', async () => {
  const { port, log } = await start();
  const socket = connect(port, HOST);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write('POST /add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const chunk = `ffff\r\n${'x'.repeat(65_535)}\r\n`;
  for (let i = 0; i < 8 && !socket.destroyed; i++) socket.write(chunk);
  await closed;
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(log.status().next).toBe(0);
});

test('too many at once are 503 with Retry-After, and taken when there is room', async () => {
  const { add, gate, log } = await start({ limits: { outstanding: { maxEntries: 2, maxBytes: 1000 } } });
  gate.close();
  const first = [add('a'), add('b')];
  await expect.poll(() => log.status().entries).toBe(2);
  const refused = await add('c');
  expect(refused.headers.get('retry-after')).toBe('1');
  gate.open();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  await expect.poll(async () => (await add('c')).status).toBe(200);
});

test('a request that takes too long is 504, and its entry may be there', async () => {
  const { add, gate, log } = await start({ options: { timeoutMs: 200 } });
  gate.close();
  expect((await add('slow')).status).toBe(504);
  gate.open();
  await expect.poll(() => log.status().next).toBe(1);
});

test('a frozen log and a read-only server take nothing, and say so', async () => {
  const frozen = await start();
  await frozen.add('x');
  await frozen.store.sequence.freeze(1);
  expect((await frozen.add('y')).status).toBe(405);
  const readOnly = await start({ readOnly: true });
  const answer = await readOnly.add('z');
  expect([answer.status, await answer.text()]).toEqual([
    405,
    'This log has been frozen, please switch to the latest log.\n',
  ]);
});

test.each([
  ['GET', '/add', 405],
  ['PUT', '/add', 405],
  ['POST', '/checkpoint', 404],
  ['GET', '/api/v2/checkpoint', 404],
  ['POST', '/api/v2/log/entries', 404],
  ['GET', '/tile/0/000', 404],
  ['GET', '/healthz', 200],
  ['GET', '/readyz', 200],
  ['GET', '/log-info', 200],
  ['GET', '/add/', 404],
])('%s %s is %d', async (method, path, status) => {
  const { url } = await start();
  const answer = await fetch(`${url}${path}`, { method });
  expect(answer.status).toBe(status);
  if (status === 405) expect(answer.headers.get('allow')).toBe('POST');
});
