import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Refused } from '../../hammer/refused.ts';
import { type RunningLog, startLog } from '../../hammer/testing/running-log.ts';
import { freePorts } from '../../server/free-port.ts';
import { requireGrpc } from './find-grpc.ts';
import { findLog, refuseFrozen, requireWritable } from './find-log.ts';

let rekor: RunningLog;
let raw: RunningLog;
const servers: Server[] = [];

beforeAll(async () => {
  [rekor, raw] = await Promise.all([startLog('rekor'), startLog('raw')]);
}, 60_000);

afterAll(async () => {
  for (const server of servers) server.close();
  await Promise.all([rekor.stop(), raw.stop()]);
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof Refused)) throw new Error(`not refused: ${error}`);
  return error.message;
}

async function refusedWrites(url: string): Promise<string> {
  return refusal(requireWritable(await findLog(url, false)));
}

test('a Rekor log is found, and takes the one entry that says so', async () => {
  const log = await findLog(`${rekor.url}/`, false);
  expect(log.url).toBe(rekor.url);
  expect(log.checkpoint.size).toBe(0);
  await requireWritable(log);
  expect((await findLog(rekor.url, false)).checkpoint.size).toBe(1);
});

test('nothing there, another machine, another kind of server', async () => {
  const [port] = await freePorts(1);
  expect(await refusal(findLog(`http://127.0.0.1:${port}`, false))).toMatch(/^nothing listens at http/);
  expect(await refusal(findLog('http://192.0.2.1', false))).toContain('--i-own-this-server');
  expect(await refusal(findLog('ftp://127.0.0.1', false))).toContain('http or https URL');
  const page = await serve((_, response) => response.end('<html></html>'));
  expect(await refusal(findLog(`http://${page}`, false))).toContain('what it has as its checkpoint is none');
  const elsewhere = await serve((_, response) => response.writeHead(302, { location: rekor.url }).end());
  expect(await refusal(findLog(`http://${elsewhere}`, false))).toContain('/checkpoint answers 302');
  const huge = await serve((_, response) => response.end(Buffer.alloc(2 ** 20)));
  expect(await refusal(findLog(`http://${huge}`, false))).toContain('is none');
});

test('a log of raw entries, a log that takes none, a frozen log', async () => {
  expect(await refusedWrites(raw.url)).toContain('no Rekor v2 log: POST /api/v2/log/entries answers 404');
  expect(await refusedWrites(await rekor.serveReadOnly())).toContain('answers 405, as a frozen log does');
  const { checkpoint } = await findLog(rekor.url, false);
  refuseFrozen(checkpoint);
  const frozen = { ...checkpoint, extensions: ['Log frozen — 2026-01-01T00:00:00Z'] };
  expect(() => refuseFrozen(frozen)).toThrow(/is frozen, its checkpoint says so/);
});

test('gRPC: nothing there, another kind of server, another machine', async () => {
  const [port] = await freePorts(1);
  await expect(requireGrpc(`127.0.0.1:${port}`, false)).rejects.toThrow('nothing listens');
  const plain = await serve((_, response) => response.end());
  await expect(requireGrpc(plain, false)).rejects.toThrow('does not speak gRPC');
  await expect(requireGrpc('192.0.2.1:1', false)).rejects.toThrow('--i-own-this-server');
});
