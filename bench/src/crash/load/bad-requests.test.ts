import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { GrpcClient } from '../../soak/clients/grpc-client.ts';
import { HttpClient } from '../../soak/clients/http-client.ts';
import { EntryBook } from '../judge/entry-book.ts';
import { Ledger } from '../judge/ledger.ts';
import { seededRandom } from '../seeded-random.ts';
import { type BadRequest, badEntries, oversizedLeaves, sendBadRequest } from './bad-requests.ts';
import { RequestSupply } from './request-supply.ts';
import { Tally } from './tally.ts';

const BAD: BadRequest = {
  kind: 'bad-signature',
  transport: 'http',
  bytes: Buffer.from('{}'),
  status: 400,
  message: 'no',
};

let server: Server | undefined;
afterEach(() => server?.close());

/** What is found when a server answers a bad request like this. */
async function found(status: number, body: object, headers: Record<string, string> = {}): Promise<string[]> {
  const started = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, headers).end(JSON.stringify(body)));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  const [http, grpc] = [new HttpClient(port, 1), new GrpcClient(port)];
  const ledger = new Ledger();
  const random = seededRandom(1);
  const up = new AbortController().signal;
  await sendBadRequest(
    {
      isOurs: true,
      ports: { http: port, grpc: port, metrics: port },
      http,
      grpc,
      phase: { ending: up, gone: up },
      supply: new RequestSupply(random, new Date()),
      book: new EntryBook(true),
      ledger,
      tally: new Tally(),
      random,
    },
    BAD,
  );
  http.close();
  grpc.destroy();
  return ledger.violations;
}

test('a refusal as it should be', async () => {
  expect(await found(400, { message: 'no' })).toEqual([]);
});

test.each<[string, Parameters<typeof found>]>([
  ['taken', [201, { logIndex: '7' }]],
  ['taken for a duplicate', [409, { message: 'no' }, { 'x-log-index': '7' }]],
  ['refused with an index', [400, { message: 'no' }, { 'x-log-index': '7' }]],
  ['refused in other words', [400, { message: 'yes' }]],
  ['not judged', [503, { message: 'later' }]],
])('a bad request that is %s', async (_, answer) => {
  expect(await found(...answer)).toHaveLength(1);
});

test('the table has bad entries of many kinds over both transports, and entries that are too large', () => {
  const kinds = new Set(badEntries().map(({ kind, transport }) => `${kind} ${transport}`));
  expect(kinds.size).toBeGreaterThan(12);
  expect(badEntries().every(({ status }) => status !== 201 && status !== 0)).toBe(true);
  expect(oversizedLeaves().length).toBeGreaterThan(0);
});
