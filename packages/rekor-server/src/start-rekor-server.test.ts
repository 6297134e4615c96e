import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Agent, request } from 'node:https';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { openMemoryStore } from '@tilewright/store-memory';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { framed, rawGrpc, rekorMethod } from '../testing/raw-grpc.ts';
import { rawHttp } from '../testing/raw-http.ts';
import { gatedStore } from '../testing/slow-store.ts';
import { recordingLog, testServer } from '../testing/test-server.ts';
import { until } from '../testing/until.ts';
import { writeRequest } from '../testing/write-request.ts';
import { CertificateFiles } from './listen/certificate-files.ts';

let directory: string;
let openssl = true;

/** A self-signed certificate for 127.0.0.1 in `<name>.pem` and `<name>.key`. */
function makeCertificate(name: string): { readonly certFile: string; readonly keyFile: string } {
  const certFile = join(directory, `${name}.pem`);
  const keyFile = join(directory, `${name}.key`);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  return { certFile, keyFile };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'server-tls-'));
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
  } catch {
    openssl = false;
    if (process.env.TILEWRIGHT_REQUIRE_ALL === '1')
      throw new Error('openssl is missing. On Debian: apt-get install openssl');
  }
});
afterAll(() => rm(directory, { recursive: true }));

const LOCAL = '127.0.0.1';

function certificateOf(port: number, alpn?: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const options = { port, host: LOCAL, rejectUnauthorized: false, ...(alpn && { ALPNProtocols: [alpn] }) };
    const socket = connectTls(options, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, LOCAL, resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.each([
  ['port 0', { http: { host: LOCAL, port: 0 }, allowAnyPort: false }, 'HTTP: port 0'],
  ['no port', { grpc: { host: LOCAL, port: 65_536 } }, 'gRPC: 65536 is no port'],
  [
    'one place for two',
    { http: { host: LOCAL, port: 3000 }, grpc: { host: LOCAL, port: 3000 } },
    'HTTP and gRPC both want',
  ],
  ['a certificate without a key', { http: { host: LOCAL, port: 0, certFile: 'x' } }, 'both or neither'],
])('%s is refused before anything listens', async (_name, options, message) => {
  const start = testServer({ options });
  await expect(start).rejects.toMatchObject({ name: 'ServerError', code: 'bad-options' });
  await expect(start).rejects.toThrow(message);
});

test.each(['http', 'grpc', 'metrics'] as const)(
  'a busy %s port is named, and nothing is left listening',
  async (listener) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, LOCAL, resolve));
    const held = holder.address();
    const port = typeof held === 'object' && held !== null ? held.port : 0;
    const grpc = listener === 'grpc' ? port : await freePort();
    const place = { host: LOCAL, port };
    const start = testServer({ options: { grpc: { host: LOCAL, port: grpc }, [listener]: place } });
    await expect(start).rejects.toMatchObject({ code: 'port-busy' });
    await expect(start).rejects.toThrow(`127.0.0.1:${port} is in use`);
    if (listener !== 'grpc') await expect(rawHttp(grpc, { head: ['x'] })).rejects.toThrow('ECONNREFUSED');
    await new Promise((resolve) => holder.close(resolve));
  },
);

test('an address of another machine is refused by name', async () => {
  const start = testServer({ options: { http: { host: '192.0.2.1', port: 3000 } } });
  await expect(start).rejects.toMatchObject({ code: 'address-unavailable' });
});

test('metrics answer on every path and with every method, without being counted', async () => {
  const server = await testServer();
  for (const [path, method] of [
    ['/metrics', 'GET'],
    ['/', 'GET'],
    ['/x/y', 'POST'],
  ] as const) {
    const response = await fetch(`http://${LOCAL}:${server.server.ports.metrics}${path}`, { method });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
    expect(await response.text()).toContain('rekor_v2_build_info{build_date="never",goversion="v24');
  }
  const head = await rawHttp(server.server.ports.metrics, { head: ['HEAD / HTTP/1.1', 'Host: a'] });
  expect([head.status, head.body]).toEqual([200, '']);
  expect(server.metrics.registry.text()).not.toContain('rekor_v2_http_requests_total{');
  await server.close();
});

test('a write counts once over HTTP and once among the gRPC calls, whichever transport brought it', async () => {
  const server = await testServer();
  await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: writeRequest().json });
  await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: '{' });
  await rawGrpc(server.server.ports.grpc, rekorMethod('CreateEntry'), framed(writeRequest().wire));
  await rawGrpc(server.server.ports.grpc, rekorMethod('GetTile'), framed(new Uint8Array()));
  const text = server.metrics.registry.text();
  const labels = 'grpc_method="CreateEntry",grpc_service="dev.sigstore.rekor.v2.Rekor",grpc_type="unary"';
  for (const line of [
    'rekor_v2_http_requests_total{code="201",method="post"} 1',
    'rekor_v2_http_requests_total{code="400",method="post"} 1',
    'rekor_v2_http_api_latency_count{code="201",method="post"} 1',
    'promhttp_metric_handler_requests_total{code="201"} 1',
    `grpc_server_started_total{${labels}} 2`,
    `grpc_server_handled_total{grpc_code="OK",${labels}} 2`,
    `grpc_server_handled_total{grpc_code="InvalidArgument",${labels}} 0`,
    'grpc_server_handled_total{grpc_code="Unimplemented",grpc_method="GetTile",grpc_service="dev.sigstore.rekor.v2.Rekor",grpc_type="unary"} 1',
    'rekor_v2_new_hashedrekord_entries 2',
    'tilewright_log_published_size 2',
  ]) {
    expect(text).toContain(`\n${line}\n`);
  }
  await server.close();
});

test('shutdown: unready at once, requests under way are answered, new ones find nobody', async () => {
  const gated = gatedStore(openMemoryStore());
  const server = await testServer({ stores: () => gated.store });
  gated.gate.close();
  const post = fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: writeRequest().json });
  const call = rawGrpc(server.server.ports.grpc, rekorMethod('CreateEntry'), framed(writeRequest().wire));
  await until(() => server.log.status().entries === 2);
  const idle = connectHttp2(`http://${LOCAL}:${server.server.ports.grpc}`);
  await new Promise((resolve) => idle.on('connect', resolve));
  const goneAway = new Promise((resolve) => idle.on('close', resolve));
  const stopped = server.server.shutdown(5000);
  await goneAway;
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  gated.gate.open();
  const response = await post;
  expect([response.status, response.headers.get('connection')]).toEqual([201, 'close']);
  expect((await call).status).toBe(0);
  await stopped;
  await server.log.close({ timeoutMs: 1000 });
});

test('shutdown is bounded: what is not done by then is cut off', async () => {
  const gated = gatedStore(openMemoryStore());
  const server = await testServer({ stores: () => gated.store });
  gated.gate.close();
  const post = fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: writeRequest().json });
  const call = rawGrpc(server.server.ports.grpc, rekorMethod('CreateEntry'), framed(writeRequest().wire));
  await until(() => server.log.status().entries === 2);
  const started = performance.now();
  await Promise.all([server.server.shutdown(200), expect(post).rejects.toThrow(), call]);
  expect(performance.now() - started).toBeLessThan(1500);
  gated.gate.open();
  await server.log.close({ timeoutMs: 1000 });
});

test('more connections than allowed are hung up on', async () => {
  const server = await testServer({ options: { maxConnections: 2 } });
  const { http } = server.server.ports;
  const hold = async () => {
    const socket = createConnection(http, LOCAL);
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    return socket;
  };
  const held = [await hold(), await hold()];
  await expect(rawHttp(http, { head: ['GET /healthz HTTP/1.1', 'Host: a'] })).rejects.toThrow();
  for (const socket of held) socket.destroy();
  await server.close();
});

test('TLS 1.3 and nothing older, on each listener of its own', async (context) => {
  context.skip(!openssl, 'openssl is missing');
  const files = makeCertificate('first');
  const place = { host: LOCAL, port: 0, ...files };
  const server = await testServer({ options: { http: place, grpc: place } });
  const { http, grpc } = server.server.ports;
  expect((await certificateOf(http)).subject.CN).toBe('first');
  expect((await certificateOf(grpc, 'h2')).subject.CN).toBe('first');
  for (const port of [http, grpc]) {
    const old = new Promise((resolve, reject) => {
      const socket = connectTls({ port, host: LOCAL, rejectUnauthorized: false, maxVersion: 'TLSv1.2' }, () =>
        resolve(socket),
      );
      socket.on('error', reject);
    });
    await expect(old).rejects.toThrow();
  }
  const agent = new Agent({ rejectUnauthorized: false });
  const status = await new Promise((resolve, reject) => {
    const post = request(
      { host: LOCAL, port: http, path: '/api/v2/log/entries', method: 'POST', agent },
      (response) => {
        resolve(response.statusCode);
        response.resume();
      },
    );
    post.on('error', reject);
    post.end(writeRequest().json);
  });
  expect(status).toBe(201);
  const session = connectHttp2(`https://${LOCAL}:${grpc}`, { rejectUnauthorized: false });
  const stream = session.request({
    ':method': 'POST',
    ':path': rekorMethod('CreateEntry'),
    'content-type': 'application/grpc',
  });
  stream.end(framed(writeRequest().wire));
  stream.resume();
  const trailers = await new Promise<Record<string, unknown>>((resolve) => stream.on('trailers', resolve));
  expect(trailers['grpc-status']).toBe('0');
  session.destroy();
  agent.destroy();
  await server.close();
});

test('a certificate is read again when its files change; files that do not fit change nothing', async (context) => {
  context.skip(!openssl, 'openssl is missing');
  const files = makeCertificate('before');
  const place = { host: LOCAL, port: 0, ...files };
  const server = await testServer({ options: { http: place, grpc: place, certificatePollMs: 20 } });
  const { http, grpc } = server.server.ports;
  await writeFile(files.certFile, 'half written');
  await until(() => server.lines.some(({ message }) => message.startsWith('certificate kept')));
  expect((await certificateOf(http)).subject.CN).toBe('before');
  const next = makeCertificate('after');
  await copyFile(next.keyFile, files.keyFile);
  await copyFile(next.certFile, files.certFile);
  await until(() => server.lines.filter(({ message }) => message === 'certificate read again').length >= 2);
  expect((await certificateOf(http)).subject.CN).toBe('after');
  expect((await certificateOf(grpc, 'h2')).subject.CN).toBe('after');
  await server.close();
});

test('a certificate that cannot be used ends the start', async (context) => {
  context.skip(!openssl, 'openssl is missing');
  const one = makeCertificate('one');
  const other = makeCertificate('other');
  const { log } = recordingLog();
  for (const paths of [
    { certFile: join(directory, 'absent.pem'), keyFile: one.keyFile },
    { certFile: one.certFile, keyFile: other.keyFile },
  ]) {
    await expect(CertificateFiles.open(paths, log, 1000)).rejects.toMatchObject({ code: 'bad-certificate' });
  }
});

/** Sends what a client of gRPC sends, and takes nothing of what comes back. */
function unreadingGrpc(port: number): { readonly session: ClientHttp2Session; readonly socket: Socket } {
  const socket = createConnection({ port, host: LOCAL });
  socket.on('error', () => undefined);
  socket.pause();
  const oneWay = new Duplex({
    write: (chunk: Uint8Array, _, done) => {
      socket.write(chunk, done);
    },
    read: () => undefined,
  });
  const session = connectHttp2(`http://${LOCAL}:${port}`, { createConnection: () => oneWay });
  session.on('error', () => undefined);
  return { session, socket };
}

test('a shutdown ends in its time though a gRPC client takes nothing', { timeout: 20_000 }, async () => {
  const server = await testServer();
  const { session, socket } = unreadingGrpc(server.server.ports.grpc);
  // Each answer repeats what it refuses; together they are more than the buffers of a connection hold.
  const headers = { ':method': 'POST', ':path': rekorMethod('CreateEntry'), 'content-type': 'application/grpc' };
  for (let i = 0; i < 500; i++) {
    const stream = session.request({ ...headers, 'grpc-timeout': 'x'.repeat(30_000) });
    stream.on('error', () => undefined);
    stream.end();
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const started = performance.now();
  await server.server.shutdown(300);
  expect(performance.now() - started).toBeLessThan(5000);
  socket.destroy();
  session.destroy();
  await server.close();
});

test('who never begins the TLS handshake is let go, and holds up no shutdown', { timeout: 20_000 }, async (context) => {
  context.skip(!openssl, 'openssl is missing');
  const place = { host: LOCAL, port: 0, ...makeCertificate('silent') };
  const silent = async (port: number): Promise<Socket> => {
    const socket = createConnection({ port, host: LOCAL });
    await once(socket, 'connect');
    return socket.resume();
  };
  const hasty = await testServer({ options: { http: place, grpc: place, timeoutMs: 200 } });
  for (const port of [hasty.server.ports.http, hasty.server.ports.grpc]) await once(await silent(port), 'close');
  await hasty.close();
  const patient = await testServer({ options: { http: place, grpc: place } });
  const sockets = [await silent(patient.server.ports.http), await silent(patient.server.ports.grpc)];
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  const started = performance.now();
  await patient.server.shutdown(300);
  expect(performance.now() - started).toBeLessThan(5000);
  await closed;
  await patient.close();
});
