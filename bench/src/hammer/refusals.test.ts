import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { freePorts } from '../server/free-port.ts';
import { Refused } from './refused.ts';
import { runHammer } from './run-hammer.ts';
import { startLyingServer } from './testing/lying-server.ts';
import { type RunningLog, smallRun, startLog, UNWATCHED } from './testing/running-log.ts';

let log: RunningLog;
beforeAll(async () => {
  log = await startLog('raw');
}, 60_000);
afterAll(() => log?.stop());

/** Why a run is refused. */
async function refusal(url: string, more: Parameters<typeof smallRun>[1] = {}, key = log.key): Promise<string> {
  const error: unknown = await runHammer(smallRun(url, more), key, UNWATCHED).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Refused);
  return (error as Refused).message;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an address where nothing listens', async () => {
  const [port] = await freePorts(1);
  expect(await refusal(`http://127.0.0.1:${port}`)).toBe(`nothing listens at http://127.0.0.1:${port}`);
});

test.each([['127.0.0.1'], ['ftp://127.0.0.1/'], ['http://127.0.0.1/?a=1'], ['http://user:secret@127.0.0.1/']])(
  '%s is no address of a log',
  async (url) => {
    expect(await refusal(url)).toMatch(/^the address of a log is an http or https URL/);
  },
);

test.each([['http://192.0.2.1:2025'], ['https://[2001:db8::1]/log'], ['http://10.0.0.1']])(
  'another machine, %s, is not loaded unasked',
  async (url) => {
    expect(await refusal(url)).toMatch(/is not this machine\. .*--i-own-this-server$/);
    expect(await refusal(log.url, { readUrl: url })).toMatch(/is not this machine/);
  },
);

test('a web server that is no log', async () => {
  const url = await listen(createHttpServer((_, response) => response.writeHead(404).end('no')));
  expect(await refusal(url)).toMatch(/is no log: \/checkpoint answers 404 and \/api\/v2\/checkpoint 404/);
});

test('a web server that answers everything with a page', async () => {
  const url = await listen(createHttpServer((_, response) => response.end('<html>\n')));
  expect(await refusal(url)).toMatch(/has as its checkpoint is no checkpoint/);
});

test('a redirect is not followed', async () => {
  const url = await listen(createHttpServer((_, response) => response.writeHead(302, { location: log.url }).end()));
  expect(await refusal(url)).toMatch(/is no log: \/checkpoint answers 302/);
});

test('a server that does not speak HTTP', async () => {
  const url = await listen(createServer((socket) => void socket.on('error', () => {}).end('SSH-2.0-Go\r\n\r\n\r\n')));
  expect(await refusal(url)).toMatch(/does not speak HTTP\/1\.1/);
});

test('a log that only serves its files', async () => {
  const files = await startLyingServer(log.url, { write: () => ({ status: 404, body: Buffer.alloc(0) }) });
  onTestFinished(() => files.close());
  expect(await refusal(files.url)).toMatch(/is no raw log that takes entries: POST \/add answers 404$/);
});

test('a log of another kind than was said', async () => {
  expect(await refusal(log.url, { kind: 'rekor' })).toMatch(
    /is no rekor log that takes entries: POST \/api\/v2\/log\/entries answers 404$/,
  );
});

test('a frozen log', async () => {
  expect(await refusal(await log.serveReadOnly())).toMatch(
    /takes no entries: POST \/add answers 405, as a frozen log does$/,
  );
});

test('a log that freezes while it is loaded', async () => {
  const server = await startLyingServer(log.url, {
    write: (truth, n) => (n < 50 ? truth : { status: 405, body: Buffer.alloc(0) }),
  });
  onTestFinished(() => server.close());
  expect(await refusal(server.url)).toMatch(/was frozen while it was loaded, after 49 writes$/);
});

test('the log of another key', async () => {
  const key = loadSignerFile(generateEd25519KeyPem(), 'localhost');
  expect(await refusal(log.url, {}, key)).toMatch(/is not of the log whose key was given/);
});
