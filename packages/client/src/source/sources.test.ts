import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expectCode, expectCodeAsync } from '@tilewright/core/testing';
import { bundlePath, tilePath } from '@tilewright/core/tiles';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ClientError } from '../client-error.ts';
import { fsck } from '../fsck/fsck.ts';
import { sampleKey, sampleLog } from '../testing/sample-log.ts';
import { directoryTileSource } from './directory-tile-source.ts';
import { httpTileSource } from './http-tile-source.ts';

const KEY = sampleKey('log.example.com');
const LOG = await sampleLog(KEY, 600, [10, 300]);
const BUNDLE = bundlePath({ index: 0, width: 256 });
const TILE = tilePath({ level: 0, index: 0, width: 256 });

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tilewright-client-'));
  for (const [path, bytes] of LOG.files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

test('a directory is a whole log', async () => {
  const report = await fsck(directoryTileSource(directory), KEY.verifier);
  expect(report).toMatchObject({ ok: true, strayCount: 0, unpublishedCount: 0 });
  const { bundles, tiles, partials } = report.checked;
  expect(bundles + tiles + partials).toBe(LOG.files.size - 1);
});

test('what is absent in a directory is undefined, what is unreadable an error', async () => {
  const source = directoryTileSource(directory);
  expect(await source.read(tilePath({ level: 5, index: 0, width: 1 }))).toBeUndefined();
  expect(await source.list?.('tile/9')).toBeUndefined();
  expect(await directoryTileSource(join(directory, 'nowhere')).read('checkpoint')).toBeUndefined();
  await mkdir(join(directory, 'tile/7/000'), { recursive: true });
  await expectCodeAsync(() => source.read(tilePath({ level: 7, index: 0, width: 256 })), ClientError, 'io');
  await symlink('loop', join(directory, 'tile/7/loop'));
  await symlink('loop', join(directory, 'tile/7/001'));
  await expectCodeAsync(() => source.read(tilePath({ level: 7, index: 1, width: 256 })), ClientError, 'io');
  await writeFile(join(directory, 'tile/7/002'), new Uint8Array(8193));
  await expectCodeAsync(() => source.read(tilePath({ level: 7, index: 2, width: 256 })), ClientError, 'too-large');
  await rm(join(directory, 'tile/7'), { recursive: true });
  await expectCodeAsync(() => source.read('checkpoint', AbortSignal.abort()), ClientError, 'aborted');
  await expectCodeAsync(() => fsck(source, KEY.verifier, { signal: AbortSignal.abort() }), ClientError, 'aborted');
});

test.each(['', '/', '/api/v2', '/api/v2/'])('a URL ending in %j is a whole log', async (suffix) => {
  const base = suffix.replace(/\/$/, '');
  const url = await serve((request, response) => {
    const bytes = request.url?.startsWith(`${base}/`) ? LOG.files.get(request.url.slice(base.length + 1)) : undefined;
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  const report = await fsck(httpTileSource(url + suffix, { fetch }), KEY.verifier);
  expect(report).toMatchObject({ ok: true, checked: { entries: 600 } });
});

test('compressed objects are unpacked, and only as far as they may grow', async () => {
  const bomb = gzipSync(new Uint8Array(20 * 1024 * 1024));
  const bytes = gzipSync(LOG.files.get(BUNDLE) ?? new Uint8Array());
  const url = await serve((request, response) => {
    expect(request.headers['accept-encoding']).toBe('gzip, identity');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(request.url === `/${BUNDLE}` ? bytes : bomb);
  });
  const source = httpTileSource(url, { fetch });
  expect(await source.read(BUNDLE)).toEqual(LOG.files.get(BUNDLE));
  await expectCodeAsync(() => source.read(TILE), ClientError, 'too-large');
});

test('404 is absence; every other status is an error that names the URL', async () => {
  let status = 404;
  const url = await serve((_request, response) => response.writeHead(status).end('x'));
  const source = httpTileSource(url, { fetch });
  expect(await source.read('checkpoint')).toBeUndefined();
  for (status of [204, 403, 500, 503]) {
    const error = await expectCodeAsync(() => source.read('checkpoint'), ClientError, 'http-status');
    expect(error.message).toContain(`${url}/checkpoint answered with HTTP status ${status}`);
  }
});

test('a server that is slow at the head or in the body times out', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/checkpoint') response.writeHead(200).write('log');
  });
  const source = httpTileSource(url, { fetch, timeoutMs: 100 });
  await expectCodeAsync(() => source.read('checkpoint'), ClientError, 'timeout');
  await expectCodeAsync(() => source.read(TILE), ClientError, 'timeout');
  const leaving = new AbortController();
  const read = httpTileSource(url, { fetch }).read(TILE, leaving.signal);
  leaving.abort();
  await expectCodeAsync(() => read, ClientError, 'aborted');
});

test('a closed port and a cut connection are network errors', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setImmediate(() => response.destroy());
  });
  await expectCodeAsync(() => httpTileSource(url, { fetch }).read('checkpoint'), ClientError, 'network');
  const closed = server;
  closed?.closeAllConnections();
  await new Promise((resolve) => closed?.close(resolve));
  const error = await expectCodeAsync(() => httpTileSource(url, { fetch }).read('checkpoint'), ClientError, 'network');
  expect(error.message).toMatch(/ECONNREFUSED/);
});

test.each(['rekor.example.com', 'ftp://x', 'http://x?y', 'http://x#y', ''])('%j is no address of a log', (address) => {
  expectCode(() => httpTileSource(address, { fetch }), ClientError, 'unsupported');
});
