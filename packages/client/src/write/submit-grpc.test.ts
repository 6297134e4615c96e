import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { encodeBase64 } from '@tilewright/core/bytes';
import { expectCodeAsync } from '@tilewright/core/testing';
import {
  CreateEntryRequestSchema,
  RetryInfoSchema,
  StatusSchema,
  TransparencyLogEntrySchema,
} from '@tilewright/rekor-proto';
import { afterEach, expect, test } from 'vitest';
import { ClientError } from '../client-error.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '../testing/sample-certificate.ts';
import { sampleKey } from '../testing/sample-log.ts';
import { type SampleRekor, sampleRekor } from '../testing/sample-rekor.ts';
import { sampleSubmission } from '../testing/sample-submission.ts';
import { type SubmitGrpcOptions, submitGrpc } from './submit-grpc.ts';
import type { SubmitResult } from './submit-result.ts';

const KEY = sampleKey('log.example.com');
const SIGNED = sampleSubmission('an artifact');
const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

let server: Http2Server | Http2SecureServer | undefined;
afterEach(() => server?.close());

type Handler = (
  stream: ServerHttp2Stream,
  message: Uint8Array,
  headers: Record<string, unknown>,
) => void | Promise<void>;

async function serve(handler: Handler, started: Http2Server | Http2SecureServer = createServer()): Promise<string> {
  server = started;
  started.on('stream', async (stream, headers) => {
    stream.on('error', () => {});
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    await handler(stream, Uint8Array.from(Buffer.concat(chunks)).subarray(5), headers);
  });
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  return `127.0.0.1:${(started.address() as AddressInfo).port}`;
}

function reply(
  stream: ServerHttp2Stream,
  message: Uint8Array,
  trailers: Record<string, string> = { 'grpc-status': '0' },
): void {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const frame = new Uint8Array([0, 0, 0, 0, 0, ...message]);
  new DataView(frame.buffer).setUint32(1, message.length);
  // In two pieces, to be put together again.
  stream.write(frame.subarray(0, 3));
  stream.end(frame.subarray(3));
}

/** An answer without a message: status and details in the headers, as gRPC servers send errors. */
function refuse(
  stream: ServerHttp2Stream,
  code: number,
  message: string,
  details?: MessageInitShape<typeof StatusSchema>,
): void {
  const bin = details && encodeBase64(toBinary(StatusSchema, create(StatusSchema, details))).replaceAll('=', '');
  stream.respond(
    {
      ...HEADERS,
      'grpc-status': String(code),
      'grpc-message': encodeURI(message),
      ...(bin && { 'grpc-status-details-bin': bin }),
    },
    { endStream: true },
  );
}

function submit(address: string, rekor: SampleRekor, options: Partial<SubmitGrpcOptions> = {}): Promise<SubmitResult> {
  return submitGrpc(address, SIGNED.submission, { log: rekor.log, busyRetries: 0, ...options });
}

test('a new entry is created and verified, and once more it exists', async () => {
  const rekor = sampleRekor(KEY);
  const address = await serve(async (stream, message, headers) => {
    expect(headers).toMatchObject({
      ':path': '/dev.sigstore.rekor.v2.Rekor/CreateEntry',
      te: 'trailers',
      'grpc-timeout': '30000m',
    });
    expect(fromBinary(CreateEntryRequestSchema, message).spec.case).toBe('hashedRekordRequestV002');
    const answer = await rekor.submit({ kind: 'proto', body: message });
    if (answer.kind === 'created') reply(stream, toBinary(TransparencyLogEntrySchema, answer.entry));
    else if (answer.kind === 'exists')
      refuse(stream, 6, 'exists', { details: [anyPack(TransparencyLogEntrySchema, answer.entry)] });
  });
  expect(await submit(address, rekor)).toMatchObject({ kind: 'created', entry: { index: 0 } });
  expect(await submit(`http://${address}`, rekor)).toMatchObject({ kind: 'exists', index: 0, entry: { index: 0 } });
});

test('every status is a typed result', async () => {
  const rekor = sampleRekor(KEY);
  let answer: (stream: ServerHttp2Stream) => void = () => {};
  const address = await serve((stream) => answer(stream));
  const grpc = (code: number) => ({ protocol: 'grpc', code });
  answer = (stream) => refuse(stream, 3, 'invalid hashedrekord request, 100% ä');
  expect(await submit(address, rekor)).toEqual({
    kind: 'refused',
    status: grpc(3),
    message: 'invalid hashedrekord request, 100% ä',
  });
  answer = (stream) =>
    stream.respond(
      { ...HEADERS, 'grpc-status': '6', 'grpc-message': '100%', 'x-log-index': '12' },
      { endStream: true },
    );
  expect(await submit(address, rekor)).toEqual({ kind: 'exists', index: 12, message: '100%' });
  const retry = anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { seconds: 1n, nanos: 500_000_000 } }));
  answer = (stream) => refuse(stream, 14, 'reached max pushback', { details: [retry] });
  expect(await submit(address, rekor)).toEqual({
    kind: 'busy',
    status: grpc(14),
    message: 'reached max pushback',
    retryAfterMs: 1500,
  });
  answer = (stream) => refuse(stream, 12, 'log frozen');
  expect(await submit(address, rekor)).toMatchObject({ kind: 'frozen', message: 'log frozen' });
  answer = (stream) => refuse(stream, 12, 'unknown method');
  expect(await submit(address, rekor)).toMatchObject({ kind: 'refused' });
  answer = (stream) => refuse(stream, 2, 'failed to integrate entry');
  expect(await submit(address, rekor)).toMatchObject({ kind: 'failed', status: grpc(2) });
});

test('a busy log is asked again, a bounded number of times', async () => {
  let calls = 0;
  const address = await serve((stream) => {
    calls += 1;
    refuse(stream, 14, 'busy');
  });
  const waits: number[] = [];
  const sleep = async (ms: number) => waits.push(ms);
  expect(await submit(address, sampleRekor(KEY), { busyRetries: 2, sleep })).toMatchObject({ kind: 'busy' });
  expect([calls, waits]).toEqual([3, [1000, 1000]]);
});

test('an answer that does not hold is refused', async () => {
  const rekor = sampleRekor(KEY);
  const address = await serve(async (stream, message) => {
    const answer = await rekor.submit({ kind: 'proto', body: message });
    if (answer.kind !== 'created') return refuse(stream, 13, 'unexpected');
    answer.entry.canonicalizedBody[20] = (answer.entry.canonicalizedBody[20] ?? 0) + 1;
    reply(stream, toBinary(TransparencyLogEntrySchema, answer.entry));
  });
  await expectCodeAsync(() => submit(address, rekor), ClientError, 'inconsistent');
});

const BROKEN: readonly [string, 'malformed' | 'too-large' | 'network', Handler][] = [
  ['is no protobuf message', 'malformed', (stream) => reply(stream, new Uint8Array([0xff, 0xff]))],
  ['has no status', 'network', (stream) => reply(stream, new Uint8Array(), {})],
  ['is not gRPC at all', 'malformed', (stream) => stream.respond({ ':status': 404 }, { endStream: true })],
  ['is cut short', 'malformed', (stream) => stream.respond({ ...HEADERS, 'grpc-status': '0' }, { endStream: true })],
  [
    'has broken details',
    'malformed',
    (stream) => stream.respond({ ...HEADERS, 'grpc-status': '3', 'grpc-status-details-bin': '!' }, { endStream: true }),
  ],
  ['is endless', 'too-large', (stream) => reply(stream, new Uint8Array(5 * 1024 * 1024))],
  ['is a reset', 'network', (stream) => stream.close(2)],
  ['is a cut connection', 'network', (stream) => stream.session?.destroy()],
];

test.each(BROKEN)('a reply that %s is %s', async (_, code, handler) => {
  const address = await serve(handler);
  await expectCodeAsync(() => submit(address, sampleRekor(KEY)), ClientError, code);
});

test('time limits, signals, closed ports and addresses', async () => {
  const rekor = sampleRekor(KEY);
  const slow = await serve(() => {});
  await expectCodeAsync(() => submit(slow, rekor, { timeoutMs: 50 }), ClientError, 'timeout');
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  await expectCodeAsync(() => submit(slow, rekor, { signal: stop.signal }), ClientError, 'aborted');
  await expectCodeAsync(() => submit(slow, rekor, { signal: AbortSignal.abort() }), ClientError, 'aborted');
  await new Promise((resolve) => server?.close(resolve));
  await expectCodeAsync(() => submit(slow, rekor), ClientError, 'network');
  for (const address of ['http://127.0.0.1:1/api', '', 'a b', 'http://u@127.0.0.1:1']) {
    await expectCodeAsync(() => submit(address, rekor), ClientError, 'unsupported');
  }
});

test('TLS with a given certificate, and not without it', async () => {
  const rekor = sampleRekor(KEY);
  const body = encodeBase64(CERTIFICATE)
    .match(/.{1,64}/g)
    ?.join('\n');
  const ca = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  const key = CERTIFICATE_KEY.export({ type: 'pkcs8', format: 'pem' });
  const tls = createSecureServer({ key, cert: ca, minVersion: 'TLSv1.3' });
  const address = await serve(async (stream, message) => {
    const answer = await rekor.submit({ kind: 'proto', body: message });
    if (answer.kind === 'created') reply(stream, toBinary(TransparencyLogEntrySchema, answer.entry));
  }, tls);
  expect(await submit(`https://${address}`, rekor, { ca })).toMatchObject({ kind: 'created' });
  await expectCodeAsync(() => submit(`https://${address}`, rekor), ClientError, 'network');
  await expectCodeAsync(() => submit(address, rekor, { ca }), ClientError, 'network');
});
