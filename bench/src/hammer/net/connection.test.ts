import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createSecureServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../requests/certificate.ts';
import { resolveAddress } from '../target/address.ts';
import { Connection, type ConnectionLimits } from './connection.ts';
import { Gate } from './gate.ts';
import { getRequest } from './request.ts';

async function connect(
  onConnection: (socket: Socket, n: number) => void,
  more: Partial<ConnectionLimits> = {},
  secure?: Server,
) {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = (secure ?? createServer()).on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket, count++);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scheme = secure === undefined ? 'http' : 'https';
  const endpoint = await resolveAddress(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, false);
  const connection = new Connection(endpoint, { timeoutMs: 5_000, maxBody: 100, opening: new Gate(1), ...more });
  onTestFinished(() => {
    connection.end();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const get = () => connection.exchange(getRequest(endpoint, '/x'));
  return { get, connection, connections: () => count };
}

const answerWith = (socket: Socket, text: string): void => void socket.on('data', () => socket.write(text));
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('one connection takes one request after another', async () => {
  const { get, connections } = await connect((socket) => answerWith(socket, OK));
  for (let i = 0; i < 3; i++) expect((await get()).body.toString()).toBe('ok');
  expect(connections()).toBe(1);
});

test('a connection that the server closes is opened again', async () => {
  const { get, connections } = await connect((socket) => socket.on('data', () => socket.end(OK)));
  expect((await get()).status).toBe(200);
  // Until the end of the connection has arrived.
  await sleep(50);
  expect((await get()).status).toBe(200);
  expect(connections()).toBe(2);
});

test.each([
  ['closed', (socket: Socket) => socket.on('data', () => socket.end()), {}],
  ['timeout', () => {}, { timeoutMs: 50 }],
  ['not HTTP', (socket: Socket) => answerWith(socket, 'SSH-2.0-Go\r\n\r\n\r\n'), {}],
  ['not HTTP', (socket: Socket) => answerWith(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n'), {}],
])('no answer: %s; the next connection starts afresh', async (kind, fail, more) => {
  const { get } = await connect((socket, n) => (n === 0 ? fail(socket) : answerWith(socket, OK)), more);
  await expect(get()).rejects.toMatchObject({ name: 'ExchangeError', kind });
  expect((await get()).body.toString()).toBe('ok');
});

test('over TLS, a certificate that nobody vouches for is refused', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const der = makeCertificate({ spki, email: 'someone@example.com' }, privateKey, new Date());
  const cert = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const { get } = await connect(() => {}, {}, createSecureServer({ key, cert }));
  await expect(get()).rejects.toMatchObject({ name: 'ExchangeError', message: expect.stringMatching(/certificate/) });
});

test('the end of the run ends what is under way and what comes after', async () => {
  const { get, connection } = await connect(() => {});
  const underWay = get();
  await sleep(20);
  connection.end();
  await expect(underWay).rejects.toMatchObject({ kind: 'closed' });
  await expect(get()).rejects.toMatchObject({ kind: 'closed' });
});

test('no more connections are opened at a time than there is room for', async () => {
  const gate = new Gate(2);
  let [running, most] = [0, 0];
  await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      gate
        .pass(async () => {
          most = Math.max(most, ++running);
          await sleep(5);
          running--;
          if (i === 3) throw new Error('failed');
        })
        .catch(() => {}),
    ),
  );
  expect([running, most]).toEqual([0, 2]);
});
