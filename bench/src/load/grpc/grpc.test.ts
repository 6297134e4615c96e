import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fromBinary, fromJsonString, toBinary } from '@bufbuild/protobuf';
import { CreateEntryRequestSchema } from '@tilewright/rekor-proto';
import { expect, onTestFinished, test } from 'vitest';
import { EntryMaker, entryJson } from '../../requests/entry-request.ts';
import { ourServer } from '../../server/commands.ts';
import { startServer } from '../../server/server-process.ts';
import { makeWorkspaceDir } from '../../server/workspace-dir.ts';
import { publishedSize } from '../raw/checkpoint-growth.ts';
import { CallConnection, type CallEnd } from './call-connection.ts';
import { callFrames, callHeaders } from './call-frames.ts';
import { type CallLoad, loadByCalls } from './call-load.ts';
import { MessageList, messageOf } from './read-messages.ts';

test('an HTTP body and the gRPC message made of it are the same request', () => {
  const maker = new EntryMaker(new Date());
  for (const certificate of [false, true]) {
    const json = entryJson(maker.make(certificate));
    const message = messageOf(json);
    expect(message.readUInt32BE(1)).toBe(message.length - 5);
    const request = fromBinary(CreateEntryRequestSchema, message.subarray(5));
    const same = fromJsonString(CreateEntryRequestSchema, json);
    expect(toBinary(CreateEntryRequestSchema, request)).toEqual(toBinary(CreateEntryRequestSchema, same));
  }
});

test('messages lie in one piece of memory', () => {
  const list = new MessageList([Buffer.from('ab'), Buffer.from(''), Buffer.from('cde')]);
  expect([0, 1, 2, 3].map((i) => list.at(i)?.toString())).toEqual(['ab', '', 'cde', undefined]);
});

test('what does not fit the frames is refused', () => {
  expect(() => callFrames(1, new Uint8Array(4), new Uint8Array(16_385))).toThrow(RangeError);
  expect(() => callHeaders('/'.repeat(200), 'localhost')).toThrow(RangeError);
});

test('calls end as the server ends them, and a connection that was closed is opened again', async () => {
  const seen: string[] = [];
  const server = createServer();
  server.on('stream', (stream, headers) => {
    seen.push([headers[':method'], headers[':path'], headers['content-type'], headers.te].join(' '));
    const what = seen.length;
    stream.on('error', () => undefined);
    stream.resume();
    stream.on('end', () => {
      if (what === 3) return stream.close(8);
      if (what === 4) return stream.session?.destroy();
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': what === 2 ? '3' : '0' }));
      stream.end(what === 2 ? undefined : Buffer.alloc(40_000));
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ends: CallEnd[] = [];
  await new Promise<void>((resolve) => {
    const connection = new CallConnection(port, callHeaders('/a.B/C', 'localhost'), (end) => {
      ends.push(end);
      if (ends.length < 6) connection.call(Buffer.alloc(900));
      else resolve(connection.stop());
    });
    connection.call(Buffer.alloc(900));
  });
  expect(ends).toEqual(['ok', 'error status', 'reset', 'closed', 'ok', 'ok']);
  expect(new Set(seen)).toEqual(new Set(['POST /a.B/C application/grpc trailers']));
});

test('entries that our server accepts over gRPC are in its log', { timeout: 60_000 }, async () => {
  const workspace = await makeWorkspaceDir();
  onTestFinished(() => workspace.remove());
  const place = await workspace.place('log');
  const server = await startServer(ourServer(place));
  onTestFinished(() => server.kill());
  const maker = new EntryMaker(new Date());
  const messages = Array.from({ length: 2_000 }, (_, i) => messageOf(entryJson(maker.make(i % 2 === 1))));
  const load: CallLoad = {
    port: place.ports.grpc,
    writers: 4,
    warmUpSeconds: 0.2,
    measuredSeconds: 0.8,
    requests: '',
    count: messages.length,
  };
  let isMeasured = false;
  const result = await loadByCalls(load, new MessageList(messages), () => {
    isMeasured = true;
  });
  expect(isMeasured).toBe(true);
  expect(result).toMatchObject({ failureKinds: {}, exhausted: false });
  expect(result.accepted).toBeGreaterThan(0);
  expect(result.p50).toBeLessThanOrEqual(result.p99 ?? 0);
  expect(await publishedSize(place.storageDir)).toBeGreaterThanOrEqual(result.accepted);
  // The same entries again are refused, and counted as that.
  const again = await loadByCalls({ ...load, measuredSeconds: 0.3 }, new MessageList(messages), () => undefined);
  expect(again).toMatchObject({ accepted: 0, p50: null });
  expect(again.failureKinds['error status']).toBeGreaterThan(0);
});
