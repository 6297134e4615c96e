import { connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ErrorInfoSchema,
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
  RetryInfoSchema,
  ServingStatus,
  StatusSchema,
  TransparencyLogEntrySchema,
} from '@tilewright/rekor-proto';
import { openMemoryStore } from '@tilewright/store-memory';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerJson } from '../../testing/answer-json.ts';
import { framed, rawGrpc, rekorMethod } from '../../testing/raw-grpc.ts';
import { rawHttp } from '../../testing/raw-http.ts';
import { gatedStore } from '../../testing/slow-store.ts';
import { type TestServer, testServer } from '../../testing/test-server.ts';
import { until } from '../../testing/until.ts';
import { writeRequest } from '../../testing/write-request.ts';

const CREATE = rekorMethod('CreateEntry');
const LIMIT = 4 * 1024 * 1024;
const EMPTY = framed(new Uint8Array());
let server: TestServer;
let port: number;
beforeAll(async () => {
  server = await testServer();
  port = server.server.ports.grpc;
});
afterAll(() => server.close());

/** One unknown field, `size` bytes in all. */
function ofSize(size: number): Uint8Array {
  const message = new Uint8Array(size);
  const length = size - 6;
  message.set([
    0x9a,
    0x06,
    0x80 + (length % 128),
    0x80 + (Math.floor(length / 128) % 128),
    0x80 + (Math.floor(length / 16384) % 128),
    Math.floor(length / 2097152),
  ]);
  return message;
}

test('a created entry, its status for HTTP gateways, and an empty message', async () => {
  const answer = await rawGrpc(port, CREATE, framed(writeRequest().wire));
  expect(answer.headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc', 'x-http-code': '201' });
  expect(answer.trailers).toEqual({ 'grpc-status': '0', 'grpc-message': '' });
  const entry = fromBinary(TransparencyLogEntrySchema, answer.data.subarray(5));
  expect(Buffer.from(entry.logId?.keyId ?? []).toString('base64')).toBe(server.key.logIdBase64);
  expect(entry.kindVersion).toMatchObject({ kind: 'hashedrekord', version: '0.0.2' });
  expect(entry.inclusionProof?.logIndex).toBe(entry.logIndex);
  expect(entry.inclusionProof?.checkpoint?.envelope).toContain(`\n${entry.inclusionProof?.treeSize}\n`);
  expect(entry.integratedTime).toBe(0n);
  expect(entry.inclusionPromise).toBeUndefined();
});

test('HTTP and gRPC share one log: the other transport meets the duplicate', async () => {
  const { json, wire } = writeRequest();
  const http = await answerJson(await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: json }));
  const answer = await rawGrpc(port, CREATE, framed(wire));
  expect(answer.headers['x-log-index']).toBe(http.logIndex);
  expect(answer).toMatchObject({
    status: 6,
    message: `an equivalent entry already exists in the transparency log with index ${http.logIndex}`,
  });
  const details = fromBinary(StatusSchema, Buffer.from(String(answer.trailers['grpc-status-details-bin']), 'base64'));
  expect(details).toMatchObject({ code: 6, message: answer.message });
  expect(details.details[0]?.typeUrl).toBe('type.googleapis.com/dev.sigstore.rekor.v1.TransparencyLogEntry');
  const entry = fromBinary(TransparencyLogEntrySchema, details.details[0]?.value ?? new Uint8Array());
  expect(String(entry.logIndex)).toBe(http.logIndex);
  expect(Buffer.from(entry.canonicalizedBody).toString('base64')).toBe(http.canonicalizedBody);
});

test('a refusal carries its reason', async () => {
  const answer = await rawGrpc(port, CREATE, framed(Uint8Array.of(0x0a, 0)));
  expect(answer).toMatchObject({ status: 3, message: 'invalid hashedrekord request' });
  const details = fromBinary(StatusSchema, Buffer.from(String(answer.headers['grpc-status-details-bin']), 'base64'));
  const info = fromBinary(ErrorInfoSchema, details.details[0]?.value ?? new Uint8Array());
  expect(info).toMatchObject({
    reason: 'MISSING_FIELD',
    domain: 'tilewright',
    metadata: { detail: 'missing signature' },
  });
});

// Recorded from rekor-server-posix v2.3.0.
test.each<[string, string, Uint8Array, Record<string, string>, number, number, string]>([
  ['empty message', CREATE, EMPTY, {}, 200, 3, 'invalid type, must be hashedrekord'],
  ['no message', CREATE, Buffer.alloc(0), {}, 200, 2, 'EOF'],
  ['half a prefix', CREATE, EMPTY.subarray(0, 3), {}, 200, 2, 'unexpected EOF'],
  ['half a message', CREATE, framed(writeRequest().wire).subarray(0, 50), {}, 200, 2, 'unexpected EOF'],
  [
    'broken message',
    CREATE,
    framed(Uint8Array.of(0x0a, 0xff)),
    {},
    200,
    13,
    'grpc: error unmarshalling request: proto: cannot parse invalid wire-format data',
  ],
  [
    'flag 1',
    CREATE,
    framed(new Uint8Array(), 1),
    {},
    200,
    13,
    'grpc: compressed flag set with identity or empty encoding',
  ],
  ['flag 2', CREATE, framed(new Uint8Array(), 2), {}, 200, 13, 'grpc: received unexpected payload format 2'],
  [
    'gzip',
    CREATE,
    framed(new Uint8Array(), 1),
    { 'grpc-encoding': 'gzip' },
    200,
    12,
    'grpc: Decompressor is not installed for grpc-encoding "gzip"',
  ],
  ['identity', CREATE, EMPTY, { 'grpc-encoding': 'identity' }, 200, 3, 'invalid type, must be hashedrekord'],
  ['message at the limit', CREATE, framed(ofSize(LIMIT)), {}, 200, 3, 'invalid type, must be hashedrekord'],
  [
    'message over it',
    CREATE,
    framed(ofSize(LIMIT + 1)),
    {},
    200,
    8,
    `grpc: received message larger than max (${LIMIT + 1} vs. ${LIMIT})`,
  ],
  ['GetTile', rekorMethod('GetTile'), EMPTY, {}, 200, 12, 'method GetTile not implemented'],
  ['GetEntryBundle', rekorMethod('GetEntryBundle'), EMPTY, {}, 200, 12, 'method GetEntryBundle not implemented'],
  ['GetCheckpoint', rekorMethod('GetCheckpoint'), EMPTY, {}, 200, 12, 'method GetCheckpoint not implemented'],
  [
    'broken GetTile',
    rekorMethod('GetTile'),
    framed(Uint8Array.of(0xff)),
    {},
    200,
    13,
    'grpc: error unmarshalling request: proto: cannot parse invalid wire-format data',
  ],
  [
    'unknown method',
    rekorMethod('Nope'),
    EMPTY,
    {},
    200,
    12,
    'unknown method Nope for service dev.sigstore.rekor.v2.Rekor',
  ],
  ['unknown service', '/nope.Nope/X', EMPTY, {}, 200, 12, 'unknown service nope.Nope'],
  ['malformed path', '/nope', EMPTY, {}, 200, 12, 'malformed method name: "/nope"'],
  ['two slashes', `/${CREATE}`, EMPTY, {}, 200, 12, 'unknown service /dev.sigstore.rekor.v2.Rekor'],
  ['Watch', '/grpc.health.v1.Health/Watch', EMPTY, {}, 200, 12, 'method Watch not implemented'],
  ['List', '/grpc.health.v1.Health/List', EMPTY, {}, 200, 12, 'method List not implemented'],
  [
    'another content type',
    CREATE,
    EMPTY,
    { 'content-type': 'text/plain' },
    415,
    3,
    'invalid gRPC request content-type "text/plain"',
  ],
  [
    'grpc-web',
    CREATE,
    EMPTY,
    { 'content-type': 'application/grpc-web' },
    415,
    3,
    'invalid gRPC request content-type "application/grpc-web"',
  ],
  [
    'PUT',
    CREATE,
    EMPTY,
    { ':method': 'PUT' },
    405,
    13,
    'Received a HEADERS frame with :method "PUT" which should be POST',
  ],
  [
    'short deadline',
    CREATE,
    EMPTY,
    { 'grpc-timeout': 'x' },
    400,
    13,
    'malformed grpc-timeout: transport: timeout string is too short: "x"',
  ],
  [
    'long deadline',
    CREATE,
    EMPTY,
    { 'grpc-timeout': '123456789m' },
    400,
    13,
    'malformed grpc-timeout: transport: timeout string is too long: "123456789m"',
  ],
  [
    'odd unit',
    CREATE,
    EMPTY,
    { 'grpc-timeout': '12x' },
    400,
    13,
    'malformed grpc-timeout: transport: timeout unit is not recognized: "12x"',
  ],
  [
    'no number',
    CREATE,
    EMPTY,
    { 'grpc-timeout': '1.5S' },
    400,
    13,
    'malformed grpc-timeout: transport: timeout is not a number: "1.5S"',
  ],
  [
    'passed deadline',
    CREATE,
    framed(writeRequest().wire),
    { 'grpc-timeout': '1n' },
    200,
    4,
    'context deadline exceeded',
  ],
  ['far deadline', CREATE, EMPTY, { 'grpc-timeout': '99999999H' }, 200, 3, 'invalid type, must be hashedrekord'],
  [
    'broken metadata',
    CREATE,
    EMPTY,
    { 'foo-bin': '***' },
    400,
    13,
    'malformed binary metadata "***" in header "foo-bin": illegal base64 data at input byte 0',
  ],
])('%s', async (_name, path, data, headers, httpStatus, status, message) => {
  const answer = await rawGrpc(port, path, data, headers);
  expect(answer.headers).toMatchObject({ ':status': httpStatus, 'content-type': 'application/grpc' });
  expect([answer.status, answer.message]).toEqual([status, message]);
});

test('the content type of the answer keeps the subtype of the request', async () => {
  const answer = await rawGrpc(port, CREATE, EMPTY, { 'content-type': 'application/grpc+proto' });
  expect(answer.headers['content-type']).toBe('application/grpc+proto');
});

test('of two messages the first counts; a message in many pieces is one', async () => {
  const { wire } = writeRequest();
  expect((await rawGrpc(port, CREATE, Buffer.concat([framed(wire), EMPTY]))).status).toBe(0);
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': CREATE, 'content-type': 'application/grpc' });
  const trailers = new Promise<Record<string, unknown>>((resolve) => {
    stream.on('trailers', resolve);
    stream.resume();
  });
  const data = framed(writeRequest().wire);
  const cuts = [0, 2, 4, 5, 6, 100, data.length];
  for (const [i, end] of cuts.entries()) {
    stream.write(data.subarray(cuts[i - 1] ?? 0, end));
    await sleep(2);
  }
  stream.end();
  expect((await trailers)['grpc-status']).toBe('0');
  session.destroy();
});

test('health: the process always serves, the Rekor service when the log is ready', async () => {
  let reason: string | undefined;
  const own = await testServer({ deps: { readiness: () => reason } });
  const check = async (service: string) => {
    const request = toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema, { service }));
    const answer = await rawGrpc(own.server.ports.grpc, '/grpc.health.v1.Health/Check', framed(request));
    return fromBinary(HealthCheckResponseSchema, answer.data.subarray(5)).status;
  };
  expect(await check('')).toBe(ServingStatus.SERVING);
  expect(await check('dev.sigstore.rekor.v2.Rekor')).toBe(ServingStatus.SERVING);
  reason = 'no';
  expect(await check('dev.sigstore.rekor.v2.Rekor')).toBe(ServingStatus.NOT_SERVING);
  expect(await check('')).toBe(ServingStatus.SERVING);
  expect(await check('another')).toBe(ServingStatus.SERVING);
  await own.close();
});

test('a frozen log says what a gateway is to answer', async () => {
  const own = await testServer({ readOnly: true });
  const answer = await rawGrpc(own.server.ports.grpc, CREATE, framed(writeRequest().wire));
  expect([answer.status, answer.message]).toEqual([12, 'log frozen']);
  expect(answer.headers).toMatchObject({
    'x-http-code': '405',
    'x-http-error-message': 'This log has been frozen, please switch to the latest log.',
  });
  await own.close();
});

test('a call that times out or is cancelled fails none of thirty others', async () => {
  const gated = gatedStore(openMemoryStore());
  const own = await testServer({ stores: () => gated.store });
  gated.gate.close();
  const grpc = own.server.ports.grpc;
  const late = rawGrpc(grpc, CREATE, framed(writeRequest().wire), { 'grpc-timeout': '150m' });
  const session = connect(`http://127.0.0.1:${grpc}`);
  const cancelled = session.request({ ':method': 'POST', ':path': CREATE, 'content-type': 'application/grpc' });
  cancelled.on('error', () => undefined);
  cancelled.end(framed(writeRequest().wire));
  const others = Array.from({ length: 30 }, () => rawGrpc(grpc, CREATE, framed(writeRequest().wire)));
  await until(() => own.log.status().entries === 32);
  cancelled.close();
  expect(await late).toMatchObject({ status: 4, message: 'context deadline exceeded' });
  const counted = (code: string): boolean =>
    own.metrics.registry
      .text()
      .includes(
        `grpc_server_handled_total{grpc_code="${code}",grpc_method="CreateEntry",grpc_service="dev.sigstore.rekor.v2.Rekor",grpc_type="unary"} 1\n`,
      );
  // Before the gate opens: a cancellation that is still under way would be overtaken by the answer.
  await until(() => counted('Canceled') && counted('DeadlineExceeded'));
  gated.gate.open();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual(others.map(() => 0));
  session.destroy();
  await own.close();
});

test('an engine that pushes back says when to try again', async () => {
  const gated = gatedStore(openMemoryStore());
  const own = await testServer({
    stores: () => gated.store,
    limits: { outstanding: { maxEntries: 1, maxBytes: LIMIT } },
  });
  gated.gate.close();
  const taken = rawGrpc(own.server.ports.grpc, CREATE, framed(writeRequest().wire));
  await until(() => own.log.status().entries === 1);
  const answer = await rawGrpc(own.server.ports.grpc, CREATE, framed(writeRequest().wire));
  expect([answer.status, answer.message]).toEqual([14, 'reached max pushback; retry']);
  const details = fromBinary(StatusSchema, Buffer.from(String(answer.headers['grpc-status-details-bin']), 'base64'));
  const retry = fromBinary(RetryInfoSchema, details.details[0]?.value ?? new Uint8Array());
  expect(retry.retryDelay).toMatchObject({ seconds: 1n, nanos: 0 });
  gated.gate.open();
  expect((await taken).status).toBe(0);
  await own.close();
});

test('a call without its message ends at the deadline; an idle connection is let go', async () => {
  const own = await testServer({ options: { timeoutMs: 200 } });
  const session = connect(`http://127.0.0.1:${own.server.ports.grpc}`);
  const stream = session.request({ ':method': 'POST', ':path': CREATE, 'content-type': 'application/grpc' });
  stream.write(EMPTY.subarray(0, 2));
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
  expect(headers['grpc-status']).toBe('4');
  await new Promise((resolve) => session.on('close', resolve));
  await own.close();
});

test('a client that lets no answer in is cut off, and has its entry', { timeout: 20_000 }, async () => {
  const own = await testServer({ options: { timeoutMs: 200 } });
  const session = connect(`http://127.0.0.1:${own.server.ports.grpc}`, { settings: { initialWindowSize: 0 } });
  const stream = session.request({ ':method': 'POST', ':path': CREATE, 'content-type': 'application/grpc' });
  stream.end(framed(writeRequest().wire));
  await new Promise((resolve) => session.on('close', resolve));
  expect(own.log.published().tree.size).toBe(1);
  await own.close();
});

test('what is no HTTP/2 is hung up on, and the server goes on', async () => {
  await expect(rawHttp(port, { head: ['GET / HTTP/1.1', 'Host: a'] })).rejects.toThrow();
  expect((await rawGrpc(port, CREATE, EMPTY)).status).toBe(3);
});
