import { Agent, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { encodeHex } from '@tilewright/core/bytes';
import { MAX_REQUEST_SIZE } from '@tilewright/core/witness';
import { expect, onTestFinished, test } from 'vitest';
import { startTestWitness, type TestWitness, type TestWitnessOptions } from '../../testing/start-test-witness.ts';
import { testLog } from '../../testing/test-log.ts';
import { logIdOf } from '../state/witnessed-head.ts';
import { DEFAULT_LISTENER_LIMITS } from './listener.ts';

const log = testLog('log.example/"http"');

async function started(options: Partial<TestWitnessOptions> = {}): Promise<TestWitness> {
  const witness = await startTestWitness({ name: 'witness.example/http', logs: [log.vkey], ...options });
  onTestFinished(() => witness.close());
  return witness;
}

const post = (url: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  fetch(`${url}/add-checkpoint`, { method: 'POST', body });

/** Sends bytes on a connection of their own, and waits for its end. */
async function raw({ url }: TestWitness, text: string): Promise<string> {
  const socket = connectTo(url);
  socket.write(text);
  let answer = '';
  for await (const chunk of socket.setEncoding('latin1')) answer += String(chunk);
  return answer;
}

function connectTo(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('WT-1 each path has its methods, and says so', async () => {
  const { url } = await started({ keys: ['ed25519', 'ml-dsa-44'] });
  const checkpoint = `/${encodeHex(logIdOf(log.origin))}/checkpoint`;
  for (const [path, allow] of [
    ['/add-checkpoint', 'POST'],
    ['/sign-subtree', 'POST'],
    [checkpoint, 'GET, HEAD'],
    ['/healthz', 'GET, HEAD'],
    ['/metrics', 'GET, HEAD'],
  ] as const) {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'POST']) {
      const answer = await fetch(url + path, { method, ...(method === 'POST' ? { body: 'x' } : {}) });
      if (allow.includes(method)) expect([path, answer.status]).not.toEqual([path, 405]);
      else expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow]);
    }
  }
});

test('paths that do not exist are 404, whatever the method', async () => {
  const { url } = await started();
  const paths = ['/', '/add-checkpoint/', '/Add-checkpoint', '/sign-subtree', '/checkpoint', '/w1/add-checkpoint'];
  const hash = encodeHex(logIdOf(log.origin));
  for (const path of [...paths, `/${hash.toUpperCase()}/checkpoint`, `/${hash.slice(1)}/checkpoint`, `/${hash}/`]) {
    for (const method of ['GET', 'POST'])
      expect([path, (await fetch(url + path, { method })).status]).toEqual([path, 404]);
  }
});

test('WT-15 monitors see the latest checkpoint; a HEAD has the same length without the body', async () => {
  const { url } = await started();
  const monitored = `${url}/${encodeHex(logIdOf(log.origin))}/checkpoint`;
  expect((await fetch(monitored)).status).toBe(404);
  await post(url, await log.request(0, 7));
  const shown = await fetch(`${monitored}?cache=no`);
  const text = await shown.text();
  expect([shown.status, text.split('\n')[1]]).toEqual([200, '7']);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
  });
  const head = await fetch(monitored, { method: 'HEAD' });
  expect([head.headers.get('content-length'), await head.text()]).toEqual([`${Buffer.byteLength(text)}`, '']);
});

test('a body of the largest size is read, and one byte more is refused without ending the connection', async () => {
  const { url } = await started();
  const largest = await post(url, new Uint8Array(MAX_REQUEST_SIZE).fill(0x61));
  expect(largest.status).toBe(400);
  const larger = await post(url, new Uint8Array(MAX_REQUEST_SIZE + 1).fill(0x61));
  expect([larger.status, larger.headers.get('connection')]).toEqual([413, 'keep-alive']);
});

test('a body far too large is not read, whether it says its length or not', async () => {
  const witness = await started();
  const head = 'POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n';
  const announced = await raw(witness, `${head}Content-Length: 1000000000\r\n\r\n`);
  expect(announced).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/);
  const piece = `10000\r\n${'a'.repeat(65_536)}\r\n`;
  const chunked = await raw(witness, `${head}Transfer-Encoding: chunked\r\n\r\n${piece.repeat(17)}`);
  expect(chunked).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/);
});

test.each([
  ['nothing', ''],
  ['no line', 'old 0'],
  ['bytes that are no text', '\u0000\u0001'],
  ['another body', '{"old":0}\n\n'],
  ['a proof of many lines', `old 5\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n`],
])('a malformed request is a 400 that says why: %s', async (_, body) => {
  const { url } = await started();
  const answer = await post(url, new TextEncoder().encode(body));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
  expect(await answer.text()).toMatch(/^.{10,200}\n$/);
});

test('a head or a body that comes too slowly ends the connection with 408', async () => {
  const limits = { ...DEFAULT_LISTENER_LIMITS, headersMs: 150, requestMs: 300 };
  const witness = await started({ limits });
  expect(await raw(witness, 'POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nX-')).toMatch(/^HTTP\/1\.1 408 /);
  const body = 'POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 10\r\n\r\nold';
  expect(await raw(witness, body)).toMatch(/^HTTP\/1\.1 408 /);
  expect((await fetch(`${witness.url}/healthz`)).status).toBe(200);
});

test('a client that goes away in the middle of its request is nobody: the next one is answered', async () => {
  const { url, events } = await started();
  for (let i = 0; i < 20; i++) {
    const socket = connectTo(url);
    socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\nold 0');
    await new Promise((resolve) => setTimeout(resolve, 2));
    socket.destroy();
  }
  expect((await post(url, await log.request(0, 3))).status).toBe(200);
  expect(events).toMatchObject([{ type: 'cosigned' }]);
});

test('connections beyond the limit are closed as they come', async () => {
  const { url } = await started({ limits: { ...DEFAULT_LISTENER_LIMITS, maxConnections: 5 } });
  const sockets = Array.from({ length: 12 }, () => connectTo(url).resume());
  await expect.poll(() => sockets.filter(({ closed, readableEnded }) => !closed && !readableEnded).length).toBe(5);
});

test('WT-10 a connection is kept from one request to the next', async () => {
  const { url } = await started();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ports: (number | undefined)[] = [];
  for (const [oldSize, size] of [
    [0, 3],
    [3, 5],
    [5, 9],
  ] as const) {
    const body = await log.request(oldSize, size);
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest(`${url}/add-checkpoint`, { method: 'POST', agent }, (response) => {
        ports.push(response.socket.localPort);
        expect(response.statusCode).toBe(200);
        response.resume().on('end', resolve);
      });
      request.on('error', reject).end(body);
    });
  }
  expect(new Set(ports).size).toBe(1);
});

test('two hundred requests at once for different sizes: one is cosigned, the others are told its size', async () => {
  const { url, latest } = await started();
  const bodies = await Promise.all(Array.from({ length: 200 }, (_, i) => log.request(0, i + 1)));
  const answers = await Promise.all(bodies.map((body) => post(url, body)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(199);
  const size = statuses.indexOf(200) + 1;
  expect(latest(log.origin)?.size).toBe(size);
  for (const answer of answers) if (answer.status === 409) expect(await answer.text()).toBe(`${size}\n`);
  const same = await log.request(size, size);
  const again = await Promise.all(Array.from({ length: 200 }, () => post(url, same)));
  expect(again.every(({ status }) => status === 200)).toBe(true);
});

test('metrics count answers, and show what was cosigned', async () => {
  const { url } = await started({ nowMs: () => 1_800_000_000_000 });
  await post(url, await log.request(0, 4));
  await post(url, await log.request(0, 5));
  await fetch(`${url}/nowhere`);
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await metrics.text()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'tilewright_witness_requests_total{endpoint="add-checkpoint",status="200"} 1',
      'tilewright_witness_requests_total{endpoint="add-checkpoint",status="409"} 1',
      'tilewright_witness_requests_total{endpoint="other",status="404"} 1',
      'tilewright_witness_state_usable 1',
      'tilewright_witness_cosigned_size{origin="log.example/\\"http\\""} 4',
      'tilewright_witness_cosigned_timestamp_seconds{origin="log.example/\\"http\\""} 1800000000',
    ]),
  );
});
