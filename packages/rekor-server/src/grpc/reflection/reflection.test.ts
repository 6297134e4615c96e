import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ServerReflectionRequestSchema, ServerReflectionResponseSchema } from '@tilewright/rekor-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { framed, rawGrpc } from '../../../testing/raw-grpc.ts';
import { type TestServer, testServer } from '../../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

type Question = NonNullable<MessageInitShape<typeof ServerReflectionRequestSchema>['messageRequest']>;

async function ask(version: 'v1' | 'v1alpha', ...questions: Question[]) {
  const messages = questions.map((messageRequest) =>
    framed(toBinary(ServerReflectionRequestSchema, create(ServerReflectionRequestSchema, { messageRequest }))),
  );
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const answer = await rawGrpc(server.server.ports.grpc, path, Buffer.concat(messages));
  const responses = [];
  for (let at = 0; at < answer.data.length; ) {
    const end = at + 5 + answer.data.readUInt32BE(at + 1);
    responses.push(fromBinary(ServerReflectionResponseSchema, answer.data.subarray(at + 5, end)).messageResponse);
    at = end;
  }
  return { ...answer, responses };
}

const filesOf = (response: Awaited<ReturnType<typeof ask>>['responses'][number] | undefined): string[] =>
  response?.case === 'fileDescriptorResponse'
    ? response.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)
    : [];

test.each(['v1', 'v1alpha'] as const)('%s lists the services of rekor-tiles', async (version) => {
  const { responses, status } = await ask(version, { case: 'listServices', value: '*' });
  expect(status).toBe(0);
  const [list] = responses;
  expect(list?.case === 'listServicesResponse' && list.value.service.map(({ name }) => name)).toEqual([
    'dev.sigstore.rekor.v2.Rekor',
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
    'grpc.reflection.v1alpha.ServerReflection',
  ]);
});

test('a file comes with everything that it imports, each once a stream', async () => {
  const question = { case: 'fileContainingSymbol', value: 'dev.sigstore.rekor.v2.Rekor' } as const;
  const { responses } = await ask('v1', question, question, { case: 'fileByFilename', value: 'rekor/v2/entry.proto' });
  const files = filesOf(responses[0]);
  expect(files[0]).toBe('rekor/v2/rekor_service.proto');
  expect(files).toContain('rekor/v2/entry.proto');
  expect(new Set(files).size).toBe(files.length);
  expect(filesOf(responses[1])).toEqual([]);
  expect(responses.length).toBe(3);
});

test.each([
  'dev.sigstore.rekor.v2.Rekor.CreateEntry',
  'dev.sigstore.rekor.v2.CreateEntryRequest',
  'dev.sigstore.rekor.v1.TransparencyLogEntry.log_index',
  'dev.sigstore.common.v1.PublicKeyDetails',
  'grpc.health.v1.HealthCheckResponse.ServingStatus',
])('symbol %s is known', async (value) => {
  const { responses } = await ask('v1', { case: 'fileContainingSymbol', value });
  expect(filesOf(responses[0]).length).toBeGreaterThan(0);
});

test('what is not known is said so, in the stream; an empty question ends it', async () => {
  const { responses } = await ask(
    'v1',
    { case: 'fileContainingSymbol', value: 'nope' },
    { case: 'fileByFilename', value: 'nope.proto' },
    { case: 'allExtensionNumbersOfType', value: 'nope' },
    { case: 'fileContainingExtension', value: { containingType: 'x', extensionNumber: 1 } },
    { case: 'allExtensionNumbersOfType', value: 'dev.sigstore.rekor.v2.Entry' },
  );
  for (const response of responses.slice(0, 4)) {
    expect(response?.case === 'errorResponse' && response.value.errorCode).toBe(5);
  }
  expect(responses[4]).toMatchObject({ case: 'allExtensionNumbersResponse', value: { extensionNumber: [] } });
  const empty = await rawGrpc(
    server.server.ports.grpc,
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    framed(new Uint8Array()),
  );
  expect([empty.status, empty.message]).toEqual([3, 'invalid MessageRequest: <nil>']);
  const broken = await rawGrpc(
    server.server.ports.grpc,
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    framed(Uint8Array.of(0xff)),
  );
  expect(broken.status).toBe(13);
});
