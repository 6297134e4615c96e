import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePath, tilePath } from '@tilewright/core/tiles';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawHttp } from '../../testing/raw-http.ts';
import { type TestServer, testServer } from '../../testing/test-server.ts';
import { writeRequest } from '../../testing/write-request.ts';
import { readPathOfDirectory } from '../reading/read-path.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  for (let i = 0; i < 3; i++) {
    await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: writeRequest().json });
  }
});
afterAll(() => server.close());

const TILE = tilePath({ level: 0, index: 0, width: 3 });
const BUNDLE = bundlePath({ index: 0, width: 3 });

test.each(['', '/api/v2'])('checkpoint, tiles and bundles below "%s", with their headers', async (prefix) => {
  const checkpoint = await fetch(`${server.url}${prefix}/checkpoint`);
  expect(checkpoint.status).toBe(200);
  expect(Object.fromEntries(checkpoint.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache',
    'access-control-allow-origin': '*',
  });
  const published = server.log.published();
  expect(new Uint8Array(await checkpoint.arrayBuffer())).toEqual(new Uint8Array(published.note));
  for (const path of [TILE, BUNDLE]) {
    const object = await fetch(`${server.url}${prefix}/${path}`);
    expect(object.status, path).toBe(200);
    expect(Object.fromEntries(object.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'max-age=604800,immutable',
      'access-control-allow-origin': '*',
    });
    expect(new Uint8Array(await object.arrayBuffer())).toEqual(server.store.state.objects.get(path));
  }
});

test('an object that is not there (yet) is a 404 that no cache keeps', async () => {
  for (const path of [
    tilePath({ level: 0, index: 0, width: 256 }),
    bundlePath({ index: 7, width: 256 }),
    'tile/1/000',
  ]) {
    const response = await fetch(`${server.url}/${path}`);
    expect(response.status, path).toBe(404);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({ code: 5, message: 'Not Found', details: [] });
  }
});

test.each([
  '/.state/x',
  '/.state',
  '/tile',
  '/tile/',
  '/tile/0',
  '/tile/0/',
  '/tile/0/0',
  '/tile/0/000/',
  '/tile/0/x000/000',
  '/tile/00/000',
  '/tile/-1/000',
  '/tile/0/000.p/0',
  '/tile/0/000.p/256',
  '/tile/0/000.p/03',
  '/tile/0/000.p',
  '/tile/../checkpoint',
  '/tile/../.state/x',
  '/tile/%2e%2e/.state/x',
  '/tile/..%2f.state%2fx',
  '/tile/%2e%2e%2f.state',
  '/tile/0/..%5c000',
  '/tile/.%2e/checkpoint',
  '/tile/%252e%252e/checkpoint',
  '/tile/0//000',
  '/tile/entries/../0/000',
  '/tile/0/000%00',
  '/checkpoint/',
  '/checkpoint/../.state',
  '/checkpoint%00',
  '//checkpoint',
  '/Checkpoint',
  '/api/v2/.state/x',
  '/api/v2/../.state/x',
  '/api/v2/tile/%2e%2e/%2e%2e/.state/x',
])('%s is nothing', async (target) => {
  const answer = await rawHttp(server.server.ports.http, { head: [`GET ${target} HTTP/1.1`, 'Host: a'] });
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toEqual({ code: 5, message: 'Not Found', details: [] });
});

test('a path that only decodes to a tile is that tile: no encoding leads anywhere else', async () => {
  const answer = await rawHttp(server.server.ports.http, { head: [`GET /tile%2F0/000.p/%33 HTTP/1.1`, 'Host: a'] });
  expect(answer.status).toBe(200);
});

test('HEAD tells the length, where rekor-tiles has no such path', async () => {
  const response = await fetch(`${server.url}/${TILE}`, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-length')]).toEqual([200, '96']);
  expect((await response.arrayBuffer()).byteLength).toBe(0);
});

test('a browser is told what it may do', async () => {
  for (const [path, methods] of [
    [`/${TILE}`, 'GET, HEAD, OPTIONS'],
    ['/api/v2/checkpoint', 'GET, OPTIONS'],
  ] as const) {
    const response = await fetch(`${server.url}${path}`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toBe(methods);
    expect(response.headers.has('content-length')).toBe(false);
  }
});

test('a store that fails is a 500, said in the log, and nothing that a cache keeps', async () => {
  const broken = await testServer({
    deps: {
      readPath: {
        checkpoint: () => Promise.reject(new Error('disk on fire')),
        tile: () => Promise.reject(new Error('disk on fire')),
      },
    },
  });
  const response = await fetch(`${broken.url}/checkpoint`);
  expect(response.status).toBe(500);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({ code: 13, message: 'internal server error', details: [] });
  expect(broken.lines.find(({ level }) => level === 'error')?.attributes.error).toContain('disk on fire');
  await broken.close();
});

test('readiness, version and facts', async () => {
  let reason: string | undefined;
  const own = await testServer({ deps: { readiness: () => reason } });
  const ready = await fetch(`${own.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  reason = 'disk full – no “space”';
  const unready = await fetch(`${own.url}/readyz`);
  expect([unready.status, await unready.json()]).toEqual([503, { ready: false, reason }]);
  const version = await (await fetch(`${own.url}/version`)).json();
  expect(version).toMatchObject({ name: 'tilewright', version: 'v0.0.0', revision: 'test', node: process.version });
  expect(await (await fetch(`${own.url}/log-info`)).json()).toEqual({
    origin: 'rekor.test',
    logId: own.key.logIdBase64,
    vkey: own.key.vkey,
    keyDetails: 'PKIX_ED25519',
    publicKeyPem: own.key.spkiPem,
  });
  await own.close();
});

test('a folder is served as it stands; folders, and what is absent, are nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'read-path-'));
  try {
    const read = readPathOfDirectory(directory);
    const whole = tilePath({ level: 0, index: 0, width: 256 });
    const partial = tilePath({ level: 0, index: 0, width: 7 });
    expect(await read.checkpoint()).toBeUndefined();
    expect(await read.tile(whole)).toBeUndefined();
    await mkdir(join(directory, 'tile/0/000.p'), { recursive: true });
    await writeFile(join(directory, 'checkpoint'), 'note');
    await writeFile(join(directory, partial), 'seven');
    expect(Buffer.from((await read.checkpoint()) ?? []).toString()).toBe('note');
    expect(Buffer.from((await read.tile(partial)) ?? []).toString()).toBe('seven');
    await mkdir(join(directory, whole));
    expect(await read.tile(whole)).toBeUndefined();
    await symlink('nowhere', join(directory, 'tile/0/001'));
    expect(await read.tile(tilePath({ level: 0, index: 1, width: 256 }))).toBeUndefined();
  } finally {
    await rm(directory, { recursive: true });
  }
});
