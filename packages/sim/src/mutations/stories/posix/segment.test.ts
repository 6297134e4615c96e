import { encodeUtf8 } from '@tilewright/core/bytes';
import type { Token } from '@tilewright/log/ports';
import { decodeSegmentHeader, SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { open, publishNothing, ROOT } from './scene.ts';

const never = new AbortController().signal;
const token = (n: number): Token => new Uint8Array(16).fill(n) as Uint8Array as Token;

test('every segment has a nonce of its own, which no client can know', async () => {
  const disk = new SimulatedDisk();
  const { sequence } = await open(disk);
  for (let n = 0; n < 8; n++) await sequence.append([encodeUtf8(`entry ${n}`)], token(n), never);
  const nonces = disk.files(`${ROOT}/.state/wal`).map((path) => {
    const block = new Uint8Array(4096);
    disk.file(path).read(block, 0);
    return String(decodeSegmentHeader(block)?.nonce);
  });
  expect(nonces.length).toBeGreaterThan(1);
  expect(new Set(nonces).size).toBe(nonces.length);
  expect(nonces).not.toContain(String(new Uint8Array(32)));
});

test('a record that is longer than a segment gets one that it fits into', async () => {
  const disk = new SimulatedDisk();
  const store = await open(disk);
  await publishNothing(store);
  const long = new Uint8Array(30_000).fill(5);
  for (let n = 0; n < 4; n++) await store.sequence.append([n % 2 === 0 ? encodeUtf8('short') : long], token(n), never);
  disk.powerLoss(0);
  const { sequence } = await open(disk);
  const { batches } = await sequence.pending({ entries: 10, bytes: 1_000_000 });
  expect(batches.flatMap(({ entries }) => entries).map(({ length }) => length)).toEqual([5, 30_000, 5, 30_000]);
});

test('a store that closes waits for the segment that is being made', async () => {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let made = false;
  const { sequence } = await open(new SimulatedDisk(), async ({ purpose }) => {
    if (purpose !== 'segment-prepared') return undefined;
    reached.resolve();
    await held.promise;
    made = true;
    return undefined;
  });
  for (let n = 0; n < 2; n++) await sequence.append([encodeUtf8(`entry ${n}`)], token(n), never);
  await reached.promise;
  const closed = sequence.close().then(() => expect(made).toBe(true));
  setImmediate(() => held.resolve());
  await closed;
});
