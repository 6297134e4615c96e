import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type TestServer, testServer } from '../../testing/test-server.ts';
import { until } from '../../testing/until.ts';
import { writeRequest } from '../../testing/write-request.ts';
import type { ReadPath } from '../reading/read-path.ts';

const BUNDLE_BYTES = 1024 * 1024;
/** Much is sent, and the machine may be busy. */
const PATIENCE_MS = 15_000;
const GET = 'GET /tile/entries/000 HTTP/1.1\r\nHost: localhost\r\n\r\n';

let server: TestServer;
let client: Socket;
afterEach(async () => {
  client.destroy();
  await server.close();
});

/** A server of large bundles, which counts them, and a client that has sent `text` and reads nothing yet. */
async function unreading(text: string, timeoutMs = 20_000): Promise<{ readonly made: () => number }> {
  let made = 0;
  const readPath: ReadPath = {
    checkpoint: async () => undefined,
    tile: async () => {
      made += 1;
      return new Uint8Array(BUNDLE_BYTES);
    },
  };
  server = await testServer({ deps: { readPath }, options: { timeoutMs, maxCachedBytes: 0 } });
  client = connect({ port: server.server.ports.http, host: '127.0.0.1' });
  client.on('error', () => undefined);
  await once(client, 'connect');
  client.pause();
  client.write(text);
  return { made: () => made };
}

/** Reads until `done` says that it is enough, or the connection ends. */
async function readAll(done: (text: string) => boolean): Promise<string> {
  let text = '';
  client.setEncoding('latin1');
  client.on('data', (part: string) => {
    text += part;
  });
  const ended = once(client, 'close');
  client.resume();
  await Promise.race([until(() => done(text), PATIENCE_MS), ended]);
  return text;
}

const answers = (text: string): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];

test('reads that are sent ahead are made when they can be sent, and all are answered', {
  timeout: 30_000,
}, async () => {
  const { made } = await unreading(GET.repeat(100));
  await until(() => made() > 0);
  // Long enough for all of them, were they not to wait: what is made fits the buffers of the two sockets.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(made()).toBeLessThan(30);
  const text = await readAll((received) => received.length > 100 * BUNDLE_BYTES);
  expect(answers(text)).toEqual(Array.from({ length: 100 }, () => 'HTTP/1.1 200'));
  expect(made()).toBe(100);
});

test('answers keep the order of the requests, whatever each one is', { timeout: 30_000 }, async () => {
  const body = writeRequest().json;
  const post = `POST /api/v2/log/entries HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
  const health = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const nowhere = 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}';
  const text = `${health}${post}${Buffer.from(body).toString('latin1')}${nowhere}${health}${GET}${health}`;
  await unreading(text);
  const received = await readAll((so) => answers(so).length === 6);
  expect(answers(received).map((line) => line.slice(-3))).toEqual(['200', '201', '404', '200', '200', '200']);
});

test('a client of the full parser that sends more and more without reading is cut off, and others are not', async () => {
  const { made } = await unreading(GET.replace('Host:', 'TE: trailers\r\nHost:').repeat(200));
  const closed = once(client, 'close');
  client.resume();
  await closed;
  expect(made()).toBeLessThan(128);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  await until(() => server.metrics.http.inFlight === 0);
});

test('a client that stops to read is given up', { timeout: 30_000 }, async () => {
  await unreading(GET.repeat(50), 200);
  await until(() => server.metrics.http.inFlight > 0);
  await until(() => server.metrics.http.inFlight === 0, PATIENCE_MS);
});
