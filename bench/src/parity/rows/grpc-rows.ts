import { gzipSync } from 'node:zlib';
import { bytesField, grpcFrame } from '../exchange/protobuf.ts';
import type { FramesRow, GrpcRow } from '../row.ts';
import { specMessage } from './entry-spec.ts';
import { MAX_BODY } from './http-framing.ts';
import { p256Spec } from './keys.ts';

const CREATE = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';
const HEALTH = '/grpc.health.v1.Health';

/** Calls that a client library makes. */
export function grpcCalls(): GrpcRow[] {
  const empty = new Uint8Array();
  const split = specMessage(p256Spec('split message'));
  const record = split.subarray(split[1] !== undefined && split[1] > 127 ? 3 : 2);
  return [
    call('message/empty', CREATE, empty),
    call('message/unknown field', CREATE, Buffer.concat([fresh('unknown field'), bytesField(99, 'x')])),
    call('message/unknown field inside', CREATE, bytesField(1, bytesField(9, 'x'))),
    call('message/empty hashedrekord', CREATE, bytesField(1, empty)),
    call('message/empty dsse', CREATE, bytesField(2, empty)),
    call('message/hashedrekord, then dsse', CREATE, Buffer.concat([fresh('then dsse'), bytesField(2, empty)])),
    call('message/dsse, then hashedrekord', CREATE, Buffer.concat([bytesField(2, empty), fresh('after dsse')])),
    // A digest field is 34 bytes: the two halves of the record merge (protobuf, Last One Wins).
    call(
      'message/in two parts',
      CREATE,
      Buffer.concat([bytesField(1, record.subarray(0, 34)), bytesField(1, record.subarray(34))]),
    ),
    call('message/truncated varint', CREATE, Buffer.from('0aff', 'hex')),
    call('message/overlong varint', CREATE, Buffer.from('ff'.repeat(11), 'hex')),
    call('message/empty group', CREATE, Buffer.from('0b0c', 'hex')),
    call('message/wrong wire type', CREATE, Buffer.from('0801', 'hex')),
    call('message/bad UTF-8 in dsse', CREATE, bytesField(2, bytesField(1, bytesField(2, Buffer.from([0xff]))))),
    call('message/limit', CREATE, ofSize(MAX_BODY)),
    call('message/limit plus one', CREATE, ofSize(MAX_BODY + 1)),
    call('metadata/unknown', CREATE, empty, { foo: 'bar' }),
    ...['GetCheckpoint', 'GetTile', 'GetEntryBundle'].map((name) =>
      call(`method/${name}`, `/dev.sigstore.rekor.v2.Rekor/${name}`, empty),
    ),
    call('method/unknown', '/dev.sigstore.rekor.v2.Rekor/Nope', empty),
    call('method/unknown service', '/nope.Nope/X', empty),
    call('method/identity service', '/dev.sigstore.rekor.v2.IdentityRekor/CreateEntry', empty),
    call('health/empty', `${HEALTH}/Check`, empty),
    call('health/bad UTF-8', `${HEALTH}/Check`, bytesField(1, Buffer.from([0xff]))),
    call('health/List', `${HEALTH}/List`, empty),
  ];
}

/** Exchanges below any client: framing, compression, content types, deadlines, reflection. */
export function grpcFrames(): FramesRow[] {
  const good = (message: string): Buffer => grpcFrame(fresh(message));
  const empty = grpcFrame(new Uint8Array());
  const gzipped = grpcFrame(gzipSync(fresh('gzip')), 1);
  const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
  return [
    frames('framing/none', CREATE, new Uint8Array()),
    frames('framing/two messages', CREATE, Buffer.concat([good('first of two'), empty])),
    frames('framing/truncated', CREATE, good('truncated').subarray(0, 50)),
    frames('framing/gzip', CREATE, gzipped, { 'grpc-encoding': 'gzip' }),
    frames('framing/unknown compression', CREATE, gzipped, { 'grpc-encoding': 'snappy' }),
    frames('framing/compressed without an encoding', CREATE, gzipped),
    frames('framing/identity', CREATE, good('identity'), { 'grpc-encoding': 'identity' }),
    frames('framing/accepts gzip', CREATE, good('accepts gzip'), { 'grpc-accept-encoding': 'gzip' }),
    frames('content-type/proto', CREATE, good('content type'), { 'content-type': 'application/grpc+proto' }),
    frames('content-type/text', CREATE, empty, { 'content-type': 'text/plain' }),
    frames('deadline/10S', CREATE, good('deadline'), { 'grpc-timeout': '10S' }),
    frames('path/no method', '/nope', empty),
    frames('health/Watch', `${HEALTH}/Watch`, empty),
    ...['v1', 'v1alpha'].map((version) =>
      frames(`reflection/list ${version}`, reflection.replace('.v1.', `.${version}.`), grpcFrame(bytesField(7, '*'))),
    ),
    frames('reflection/unknown symbol', reflection, grpcFrame(bytesField(4, 'nope'))),
    frames('reflection/unknown file', reflection, grpcFrame(bytesField(3, 'nope'))),
  ];
}

/** A message of exactly `size` bytes: one unknown field. */
function ofSize(size: number): Buffer {
  const overhead = bytesField(99, Buffer.alloc(size - 8)).length - (size - 8);
  return bytesField(99, Buffer.alloc(size - overhead));
}

function fresh(message: string): Buffer {
  return specMessage(p256Spec(message));
}

function call(name: string, method: string, message: Uint8Array, metadata: Record<string, string> = {}): GrpcRow {
  return { kind: 'grpc', name: `grpc-${name}`, method, message, metadata };
}

function frames(name: string, method: string, data: Uint8Array, headers: Record<string, string> = {}): FramesRow {
  return { kind: 'frames', name: `grpc-${name}`, method, data, headers };
}
