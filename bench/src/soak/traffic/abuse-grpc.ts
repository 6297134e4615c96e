import { setTimeout as sleep } from 'node:timers/promises';
import { httpRequest } from '../../parity/exchange/http-request.ts';
import { bytesField, grpcFrame } from '../../parity/exchange/protobuf.ts';
import { GrpcClient, readAnswer } from '../clients/grpc-client.ts';
import { inParallel } from '../clients/in-parallel.ts';
import { openSocket } from '../clients/open-socket.ts';
import { freshEntry } from './fresh-entries.ts';
import type { Traffic } from './round.ts';

const MAX_MESSAGE = 4 * 1024 * 1024;
const CANCEL = 8;
const WATCH = '/grpc.health.v1.Health/Watch';
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

/** Bad framing and half-open streams on the connection that good calls share, and connections that break. */
export async function abuseGrpc(traffic: Traffic): Promise<void> {
  await inParallel(answered(traffic), 4, ([name, data, headers, status]) => {
    return expectStatus(traffic, name, data, headers, status);
  });
  await halfOpen(traffic);
  await inParallel(abandoned(traffic), 4, ([path, data, waitMs]) => resetStream(traffic, path, data, waitMs));
  await inParallel(abandoned(traffic), 4, ([path, data, waitMs]) => breakConnection(traffic, path, data, waitMs));
  await strangers(traffic);
}

type Headers = Readonly<Record<string, string>>;

function answered({ maker }: Traffic): [name: string, data: Uint8Array, headers: Headers, status: number][] {
  const good = (): Buffer => grpcFrame(freshEntry(maker).wire);
  return [
    ['4 MiB and a byte', grpcFrame(Buffer.alloc(MAX_MESSAGE + 1)), {}, 8],
    ['a message of 4 MiB', grpcFrame(bytesField(99, Buffer.alloc(MAX_MESSAGE - 6))), {}, 3],
    ['no message', Buffer.alloc(0), {}, 2],
    ['half a message', good().subarray(0, 50), {}, 2],
    ['two messages', Buffer.concat([good(), good()]), {}, 0],
    ['a bad flag', Buffer.from([9, 0, 0, 0, 0]), {}, 13],
    ['a compressed message', grpcFrame(Buffer.alloc(9), 1), {}, 13],
    ['an unknown encoding', good(), { 'grpc-encoding': 'snappy' }, 12],
    ['a text', good(), { 'content-type': 'text/plain' }, 3],
    ['a bad timeout', good(), { 'grpc-timeout': 'x' }, 13],
    ['an entry whose time is over', good(), { 'grpc-timeout': '1n' }, 4],
    ['an unknown method', good(), { ':path': '/dev.sigstore.rekor.v2.Rekor/Nope' }, 12],
  ];
}

async function expectStatus(
  { grpc, findings }: Traffic,
  name: string,
  data: Uint8Array,
  headers: Headers,
  status: number,
): Promise<void> {
  try {
    const answer = await grpc.exchange(data, headers);
    findings.count(`grpc ${answer.status}`);
    if (answer.status !== status)
      findings.violate(`${name}: grpc ${answer.status} instead of ${status}: ${answer.message}`);
  } catch (error) {
    findings.violate(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Streams whose client never ends them: the server does, when their time is over. */
async function halfOpen({ grpc, maker, findings }: Traffic): Promise<void> {
  const starts = [Buffer.alloc(0), grpcFrame(freshEntry(maker).wire).subarray(0, 100)];
  await Promise.all(
    starts.map(async (start) => {
      const stream = grpc.open({ 'grpc-timeout': '50m' });
      const answer = readAnswer(stream);
      if (start.length > 0) stream.write(start);
      const status = await answer.then(
        (a) => a.status,
        (error: Error) => error.message,
      );
      findings.count(`grpc ${status}`);
      if (status !== 4) findings.violate(`a half-open stream ended with ${status} instead of 4`);
    }),
  );
}

function abandoned({ maker }: Traffic): [path: string | undefined, data: Uint8Array, waitMs: number][] {
  const whole = (): Buffer => grpcFrame(freshEntry(maker).wire);
  return [
    [undefined, Buffer.alloc(0), 1],
    [undefined, whole().subarray(0, 100), 1],
    [undefined, grpcFrame(Buffer.alloc(MAX_MESSAGE)).subarray(0, MAX_MESSAGE / 2), 5],
    ...[0, 1, 3, 10].map((ms): [undefined, Buffer, number] => [undefined, whole(), ms]),
    [WATCH, grpcFrame(Buffer.alloc(0)), 5],
    [REFLECTION, grpcFrame(bytesField(7, '*')), 5],
  ];
}

async function resetStream(
  { grpc, findings }: Traffic,
  path: string | undefined,
  data: Uint8Array,
  waitMs: number,
): Promise<void> {
  const stream = grpc.open(path === undefined ? {} : { ':path': path });
  stream.write(data);
  await sleep(waitMs);
  stream.close(CANCEL);
  findings.count('streams reset');
}

async function breakConnection(
  { ports, findings }: Traffic,
  path: string | undefined,
  data: Uint8Array,
  waitMs: number,
): Promise<void> {
  const client = new GrpcClient(ports.grpc);
  const stream = client.open(path === undefined ? {} : { ':path': path });
  stream.write(data);
  await sleep(waitMs + 2);
  client.destroy();
  findings.count('connections broken');
}

/** Connections that do not speak HTTP/2, or say nothing. */
async function strangers({ ports, findings }: Traffic): Promise<void> {
  const texts = [Buffer.alloc(0), Buffer.from('\0\r\nhello'), httpRequest({ body: '{}' }).bytes];
  for (const text of texts) {
    const socket = await openSocket(ports.grpc);
    socket.write(text);
    await sleep(2);
    socket.destroy();
    findings.count('connections of strangers');
  }
}
