import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import {
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
  ServingStatus,
  TransparencyLogEntrySchema,
} from '@tilewright/rekor-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rekorMethod } from '../testing/raw-grpc.ts';
import { type TestServer, testServer } from '../testing/test-server.ts';
import { writeRequest } from '../testing/write-request.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await testServer();
  client = new Client(`127.0.0.1:${server.server.ports.grpc}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.close();
});

interface Answer {
  readonly error: ServiceError | null;
  readonly message: Buffer | undefined;
  readonly initial: Metadata;
}

/** One unary call by the gRPC library for Node. */
function call(path: string, message: Uint8Array, options: { readonly deadlineMs?: number } = {}): Promise<Answer> {
  const deadline = options.deadlineMs === undefined ? {} : { deadline: Date.now() + options.deadlineMs };
  const bytes = (value: Buffer) => value;
  return new Promise((resolve) => {
    let initial = new Metadata();
    const running = client.makeUnaryRequest(path, bytes, bytes, Buffer.from(message), deadline, (error, answer) => {
      resolve({ error, message: answer, initial });
    });
    running.on('metadata', (metadata) => {
      initial = metadata;
    });
  });
}

test('a gRPC library creates an entry, meets the duplicate, and reads why', async () => {
  const { wire } = writeRequest();
  const created = await call(rekorMethod('CreateEntry'), wire);
  expect(created.error).toBeNull();
  expect(created.initial.get('x-http-code')).toEqual(['201']);
  const entry = fromBinary(TransparencyLogEntrySchema, created.message ?? new Uint8Array());
  const again = await call(rekorMethod('CreateEntry'), wire);
  expect(again.error).toMatchObject({
    code: status.ALREADY_EXISTS,
    details: `an equivalent entry already exists in the transparency log with index ${entry.logIndex}`,
  });
  expect(again.initial.get('x-log-index')).toEqual([String(entry.logIndex)]);
  expect(again.error?.metadata.get('grpc-status-details-bin')[0]).toBeInstanceOf(Buffer);
  const refused = await call(rekorMethod('CreateEntry'), new Uint8Array());
  expect(refused.error).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: 'invalid type, must be hashedrekord',
  });
});

test('a gRPC library takes an error before it has sent everything', async () => {
  const answer = await call(rekorMethod('CreateEntry'), new Uint8Array(4 * 1024 * 1024 + 1));
  expect(answer.error?.code).toBe(status.RESOURCE_EXHAUSTED);
  expect((await call(rekorMethod('CreateEntry'), writeRequest().wire)).error).toBeNull();
});

test('a hundred calls share one connection', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => call(rekorMethod('CreateEntry'), writeRequest().wire, { deadlineMs: 10_000 })),
  );
  expect(answers.filter(({ error }) => error !== null)).toEqual([]);
  const indexes = answers.map(
    ({ message }) => fromBinary(TransparencyLogEntrySchema, message ?? new Uint8Array()).logIndex,
  );
  expect(new Set(indexes).size).toBe(100);
});

test('a gRPC library checks health', async () => {
  const request = toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema, { service: '' }));
  const { message } = await call('/grpc.health.v1.Health/Check', request);
  expect(fromBinary(HealthCheckResponseSchema, message ?? new Uint8Array()).status).toBe(ServingStatus.SERVING);
});
