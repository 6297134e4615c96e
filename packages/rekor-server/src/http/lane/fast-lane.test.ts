import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMemoryStore } from '@tilewright/store-memory';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { gatedStore } from '../../../testing/slow-store.ts';
import { type TestServer, type TestServerChanges, testServer } from '../../../testing/test-server.ts';
import { until } from '../../../testing/until.ts';
import { writeRequest } from '../../../testing/write-request.ts';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(changes?: TestServerChanges) {
  const gated = gatedStore(openMemoryStore());
  const server = await testServer({ stores: () => gated.store, ...changes });
  running.push(server);
  return { server, gate: gated.gate };
}

/** A connection, and what has come on it. */
function open(server: TestServer): { readonly socket: Socket; text(): string; readonly closed: Promise<unknown> } {
  const socket = connect(server.server.ports.http, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += String(chunk);
  });
  return { socket, text: () => text, closed: new Promise((resolve) => socket.once('close', resolve)) };
}

function posted(body: string, ...headers: readonly string[]): string {
  const lines = ['POST /api/v2/log/entries HTTP/1.1', 'Host: a', `Content-Length: ${body.length}`, ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const answers = (text: string): number => text.split('HTTP/1.1 ').length - 1;
/** Sends a request to the full parser, and means nothing. */
const LONG_WAY = 'TE: trailers';

test.each([
  ['an entry', 'fresh', /^HTTP\/1\.1 201 Created\r\n/],
  ['a refusal', '{}', /^HTTP\/1\.1 400 Bad Request\r\n/],
])('%s is answered with the same headers on the short way and on the long one', async (_, body, status) => {
  const { server } = await start();
  const heads: string[] = [];
  for (const more of [[], [LONG_WAY]]) {
    const { socket, text } = open(server);
    socket.write(posted(body === 'fresh' ? writeRequest().json : body, ...more));
    await until(() => text().includes('\r\n\r\n'));
    const head = text().slice(0, text().indexOf('\r\n\r\n'));
    heads.push(head.replace(/^Date: .*$/m, 'Date').replace(/^Content-Length: \d+/m, 'Content-Length'));
  }
  expect(heads[0]).toMatch(status);
  expect(heads[0]).toBe(heads[1]);
});

test('a duplicate and a frozen log too', async () => {
  for (const readOnly of [false, true]) {
    const { server } = await start({ readOnly });
    const { json } = writeRequest();
    await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: json });
    const heads: string[] = [];
    for (const more of [[], [LONG_WAY]]) {
      const { socket, text } = open(server);
      socket.write(posted(json, ...more));
      await until(() => text().includes('\r\n\r\n'));
      heads.push(
        text()
          .slice(0, text().indexOf('\r\n\r\n'))
          .replace(/^Date: .*$/m, 'Date'),
      );
    }
    expect(heads[0]).toMatch(readOnly ? /^HTTP\/1\.1 405 / : /^HTTP\/1\.1 409 [\s\S]*X-Log-Index: 0/);
    expect(heads[0]).toBe(heads[1]);
  }
});

test.each([
  '/checkpoint',
  '/api/v2/checkpoint',
  '/tile/0/000.p/1',
  '/api/v2/tile/entries/000.p/1',
  '/tile/0/007',
  '/tile/x',
  '/tile/',
])('GET of %s is answered alike on the short way and on the long one', async (path) => {
  const { server } = await start();
  await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: writeRequest().json });
  const answered: string[] = [];
  for (const more of ['', `${LONG_WAY}\r\n`]) {
    const { socket, text } = open(server);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`);
    await until(() => text().includes('\r\n\r\n'));
    await sleep(20);
    answered.push(text().replace(/^Date: .*$/m, 'Date'));
  }
  expect(answered[0]).toBe(answered[1]);
  expect(answered[0]).toMatch(/^HTTP\/1\.1 (200|404) /);
});

test('reads are counted on either way, and none stays in flight', async () => {
  const { server } = await start();
  const counted = 'rekor_v2_http_requests_total{code="200",method="get"}';
  for (const [i, more] of ['', `${LONG_WAY}\r\n`].entries()) {
    const { socket, text } = open(server);
    socket.write(`GET /checkpoint HTTP/1.1\r\nHost: a\r\n${more}\r\n`);
    await until(() => text().includes('\r\n\r\n'));
    await until(() => server.metrics.registry.text().includes(`${counted} ${i + 1}\n`));
  }
  expect(server.metrics.http.inFlight).toBe(0);
});

test('a request in pieces of one byte is answered, and so are the ones behind it, on either way', async () => {
  const { server } = await start();
  const { socket, text } = open(server);
  for (const byte of posted(writeRequest().json)) socket.write(byte);
  socket.write(posted(writeRequest().json) + posted(writeRequest().json, LONG_WAY) + posted(writeRequest().json));
  await until(() => answers(text()) === 4, 5000);
  expect(text().match(/HTTP\/1\.1 201 /g)?.length).toBe(4);
  expect(server.log.status().next).toBe(4);
});

test('one that begins and does not go on is answered by the full parser in its time', async () => {
  const { server } = await start({ options: { timeoutMs: 400 } });
  const { socket, text, closed } = open(server);
  socket.write(posted('x'.repeat(10)).slice(0, -5));
  await closed;
  expect(text()).toMatch(/^HTTP\/1\.1 408 /);
});

test('one that sends a byte now and then has no more time than one that sends none', async () => {
  const { server } = await start({ options: { timeoutMs: 400 } });
  const { socket, text, closed } = open(server);
  const dribble = setInterval(() => socket.write('x'), 100);
  onTestFinished(() => clearInterval(dribble));
  socket.write(posted('x'.repeat(10_000)).slice(0, -9_000));
  await closed;
  expect(text()).toMatch(/^HTTP\/1\.1 408 /);
});

test('a connection that says nothing, and one that has said all, are closed in their time', async () => {
  const { server } = await start({ options: { timeoutMs: 300 } });
  const silent = open(server);
  const done = open(server);
  done.socket.write(posted('{}'));
  await Promise.all([silent.closed, done.closed]);
  expect(answers(done.text())).toBe(1);
});

test('who sends ahead is read no further until the first is answered, and then answered in order', async () => {
  const { server, gate } = await start();
  gate.close();
  const { socket, text } = open(server);
  const bodies = Array.from({ length: 200 }, () => writeRequest().json);
  socket.write(posted(bodies[0] ?? ''));
  await until(() => server.log.status().entries === 1);
  socket.write(
    bodies
      .slice(1)
      .map((body) => posted(body))
      .join(''),
  );
  await sleep(100);
  expect([server.log.status().entries, text()]).toEqual([1, '']);
  gate.open();
  await until(() => answers(text()) === 200, 20_000);
  const indexes = [...text().matchAll(/"logIndex":"(\d+)","logId"/g)].map((match) => Number(match[1]));
  expect(indexes).toEqual(bodies.map((_, i) => i));
}, 30_000);

test.each(['end', 'destroy', 'resetAndDestroy'] as const)(
  'a client that leaves by %s is counted, its entry stays',
  async (way) => {
    const { server, gate } = await start();
    gate.close();
    const { socket } = open(server);
    socket.write(posted(writeRequest().json));
    await until(() => server.log.status().entries === 1);
    socket[way]();
    const gone = 'rekor_v2_http_requests_total{code="499",method="post"} 1';
    await until(() => server.metrics.registry.text().includes(gone));
    gate.open();
    await until(() => server.log.status().published === 1);
    expect(server.metrics.http.inFlight).toBe(0);
  },
);

test('at the end, who waits is answered and told that the connection closes', async () => {
  const { server, gate } = await start();
  gate.close();
  const waiting = open(server);
  const idle = open(server);
  waiting.socket.write(posted(writeRequest().json));
  idle.socket.write(posted('{}'));
  await until(() => server.log.status().entries === 1 && answers(idle.text()) === 1);
  const down = server.server.shutdown(5000);
  await idle.closed;
  gate.open();
  await Promise.all([waiting.closed, down]);
  expect(waiting.text()).toMatch(/^HTTP\/1\.1 201 [\s\S]*\r\nConnection: close\r\n/);
});
