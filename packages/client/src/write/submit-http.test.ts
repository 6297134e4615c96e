import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toJsonString } from '@bufbuild/protobuf';
import { encodeBase64 } from '@tilewright/core/bytes';
import { expectCodeAsync } from '@tilewright/core/testing';
import { TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import { afterEach, expect, test } from 'vitest';
import { ClientError, type ClientErrorCode } from '../client-error.ts';
import { sampleKey } from '../testing/sample-log.ts';
import { type SampleRekor, sampleRekor } from '../testing/sample-rekor.ts';
import { sampleSubmission } from '../testing/sample-submission.ts';
import { type SubmitHttpOptions, submitHttp } from './submit-http.ts';
import type { SubmitResult } from './submit-result.ts';

const KEY = sampleKey('log.example.com');
const SIGNED = sampleSubmission('an artifact');

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

/** Serves a log; `change` may alter the JSON of an entry on its way out. */
function serveRekor(rekor: SampleRekor, change: (json: string) => string = (json) => json): Promise<string> {
  return serve(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = await rekor.submit({ kind: 'json', body: Uint8Array.from(Buffer.concat(chunks)) });
    if (request.method !== 'POST' || request.url !== '/api/v2/log/entries') response.writeHead(404).end();
    else if (answer.kind === 'refused') {
      response.writeHead(400).end(JSON.stringify({ code: 3, message: answer.message, details: [] }));
    } else {
      const json = change(toJsonString(TransparencyLogEntrySchema, answer.entry, { alwaysEmitImplicit: true }));
      const type = 'type.googleapis.com/dev.sigstore.rekor.v1.TransparencyLogEntry';
      const error = `{"code":6,"message":"an equivalent entry","details":[${json.replace('{', `{"@type":"${type}",`)}]}`;
      if (answer.kind === 'created') response.writeHead(201).end(json);
      else response.writeHead(409, { 'x-log-index': String(answer.entry.logIndex) }).end(error);
    }
  });
}

function submit(url: string, rekor: SampleRekor, options: Partial<SubmitHttpOptions> = {}): Promise<SubmitResult> {
  return submitHttp(url, SIGNED.submission, { fetch, log: rekor.log, busyRetries: 0, ...options });
}

test('a new entry is created and verified, and once more it exists', async () => {
  const rekor = sampleRekor(KEY);
  const url = await serveRekor(rekor);
  const other = sampleSubmission('another');
  await submitHttp(`${url}/`, other.submission, { fetch, log: rekor.log });
  const created = await submit(url, rekor);
  expect(created).toMatchObject({ kind: 'created', entry: { index: 1, origin: 'log.example.com' } });
  const again = await submit(url, rekor);
  expect(again).toMatchObject({ kind: 'exists', index: 1, entry: { index: 1, checkpoint: { size: 2 } } });
});

test('a request without an answer to verify is a typed result', async () => {
  let status = 400;
  let headers: Record<string, string> = {};
  let body = '{"code":3,"message":"invalid\\u001b[31m hashedrekord request","details":[]}';
  const url = await serve((_request, response) => response.writeHead(status, headers).end(body));
  const rekor = sampleRekor(KEY);
  const http = (code: number) => ({ protocol: 'http', code });
  expect(await submit(url, rekor)).toEqual({
    kind: 'refused',
    status: http(400),
    message: 'invalid [31m hashedrekord request',
  });
  [status, body, headers] = [409, '{"code":6,"message":"exists","details":[]}', { 'x-log-index': '7' }];
  expect(await submit(url, rekor)).toEqual({ kind: 'exists', index: 7, message: 'exists' });
  [status, body, headers] = [409, 'exists', { 'x-log-index': '07' }];
  expect(await submit(url, rekor)).toEqual({ kind: 'exists', index: undefined, message: 'exists' });
  [status, body, headers] = [405, 'This log has been frozen, please switch to the latest log.\n', {}];
  expect(await submit(url, rekor)).toMatchObject({ kind: 'frozen', message: expect.stringContaining('frozen') });
  [status, body, headers] = [503, '{"code":14,"message":"busy"}', { 'retry-after': '2' }];
  expect(await submit(url, rekor)).toEqual({ kind: 'busy', status: http(503), message: 'busy', retryAfterMs: 2000 });
  [status, body] = [500, 'x'.repeat(10_000)];
  expect(await submit(url, rekor)).toEqual({ kind: 'failed', status: http(500), message: 'x'.repeat(500) });
  [status, body] = [200, '{}'];
  expect(await submit(url, rekor)).toMatchObject({ kind: 'failed', status: http(200) });
});

test('a busy log is asked again as it asks for, a bounded number of times; nothing else is', async () => {
  const rekor = sampleRekor(KEY);
  let requests = 0;
  const busyUrl = await serve((_request, response) => {
    requests += 1;
    response.writeHead(503, requests === 1 ? { 'retry-after': '1' } : {}).end();
  });
  const waits: number[] = [];
  const sleep = async (ms: number) => waits.push(ms);
  expect(await submit(busyUrl, rekor, { busyRetries: 2, sleep })).toMatchObject({ kind: 'busy' });
  expect([requests, waits]).toEqual([3, [1000, 1000]]);
  const stop = new AbortController();
  const waiting = submit(busyUrl, rekor, { busyRetries: 9, signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expectCodeAsync(() => waiting, ClientError, 'aborted');
});

const LIES: readonly [string, ClientErrorCode, (json: string) => string][] = [
  ['an unknown field', 'malformed', (j) => j.replace('{', '{"extra":1,')],
  ['a field twice', 'malformed', (j) => j.replace('{', '{"logIndex":"0",')],
  ['no JSON', 'malformed', () => 'created'],
  ['no proof', 'malformed', (j) => JSON.stringify({ ...JSON.parse(j), inclusionProof: undefined })],
  ['a time', 'malformed', (j) => j.replace('"integratedTime":"0"', '"integratedTime":"5"')],
  ['another index', 'inconsistent', (j) => j.replace(/^(.*?)"logIndex":"0"/, '$1"logIndex":"1"')],
  ['another index twice', 'inconsistent', (j) => j.replaceAll('"logIndex":"0"', '"logIndex":"1"')],
  ['another size', 'inconsistent', (j) => j.replace('"treeSize":"1"', '"treeSize":"2"')],
  [
    'another root',
    'inconsistent',
    (j) => j.replace(/"rootHash":"[^"]*"/, `"rootHash":"${encodeBase64(new Uint8Array(32))}"`),
  ],
  ['another kind', 'inconsistent', (j) => j.replace('"hashedrekord"', '"dsse"')],
  ['another log', 'untrusted', (j) => j.replace(/"keyId":"[^"]*"/, `"keyId":"${encodeBase64(new Uint8Array(32))}"`)],
  ['another body', 'inconsistent', (j) => j.replace(/"canonicalizedBody":"[^"]*"/, '"canonicalizedBody":"e30="')],
  ['another origin', 'untrusted', (j) => j.replace('"envelope":"log.example.com', '"envelope":"log.example.org')],
  ['more hashes', 'inconsistent', (j) => j.replace('"hashes":[]', `"hashes":["${encodeBase64(new Uint8Array(32))}"]`)],
  ['a short hash', 'inconsistent', (j) => j.replace('"hashes":[]', '"hashes":["AAAA"]')],
];

test.each(LIES)('an answer with %s is %s', async (_, code, change) => {
  const rekor = sampleRekor(KEY);
  const url = await serveRekor(rekor, (json) => {
    const changed = change(json);
    expect(changed).not.toBe(json);
    return changed;
  });
  await expectCodeAsync(() => submit(url, rekor), ClientError, code);
});

test('an existing entry that does not hold is refused too', async () => {
  const rekor = sampleRekor(KEY);
  let lie = false;
  const url = await serveRekor(rekor, (json) => (lie ? json.replace(/"treeSize":"1"/, '"treeSize":"2"') : json));
  await submit(url, rekor);
  lie = true;
  await expectCodeAsync(() => submit(url, rekor), ClientError, 'inconsistent');
});

test('the key that signed is not the one of the trusted log', async () => {
  const url = await serveRekor(sampleRekor(KEY));
  const { verifier } = sampleKey('log.example.com');
  const log = { ...sampleRekor(KEY).log, verifier };
  await expectCodeAsync(() => submit(url, sampleRekor(KEY), { log }), ClientError, 'untrusted');
});

test('limits: time, size, redirects, addresses and keys', async () => {
  const rekor = sampleRekor(KEY);
  const slow = await serve(() => {});
  await expectCodeAsync(() => submit(slow, rekor, { timeoutMs: 50 }), ClientError, 'timeout');
  const endless = await serve((_request, response) => response.writeHead(201).end(new Uint8Array(5 * 1024 * 1024)));
  await expectCodeAsync(() => submit(endless, rekor), ClientError, 'too-large');
  const elsewhere = await serve((_request, response) => response.writeHead(307, { location: slow }).end());
  await expectCodeAsync(() => submit(elsewhere, rekor), ClientError, 'network');
  await expectCodeAsync(() => submit('localhost:3000', rekor), ClientError, 'unsupported');
  const broken = { ...SIGNED.submission, verifier: { kind: 'publicKey', rawBytes: new Uint8Array([1]) } } as const;
  await expectCodeAsync(() => submitHttp(slow, broken, { fetch, log: rekor.log }), ClientError, 'malformed');
});
