import { encodeUtf8 } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import { changed, entry, testLog, testStore, visible } from './test-log.ts';

const full = () => new LogError('storage-full', 'the disk is full');

test('too much outstanding is pushed back, and what was taken in is not', async () => {
  const { log } = await testLog({ limits: { outstanding: { maxEntries: 10, maxBytes: 1000 } } });
  const results = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => log.add(entry(i))));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'pushback', retryAfterMs: 1000 });
  }
  expect((await log.add(entry('later'))).index).toBe(10);
  await log.close({ timeoutMs: 1000 });
});

test('an entry over 65,535 bytes is refused before it can spoil its batch', async () => {
  const { log } = await testLog();
  const data = new Uint8Array(65_536);
  await expect(log.add({ data, leafHash: entry(0).leafHash })).rejects.toMatchObject({ code: 'entry-too-large' });
  await log.close({ timeoutMs: 1000 });
});

test('a disk full while integrating holds the log up, says so, and goes on by itself', async () => {
  const store = testStore();
  let room = false;
  const objects = changed(store.objects, {
    create: (...args: Parameters<typeof store.objects.create>) =>
      room ? store.objects.create(...args) : Promise.reject(full()),
  });
  const { log, deps } = await testLog({ store, changed: { objects } });
  const waiting = log.add(entry(0));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(log.status().unready).toContain('the disk is full');
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'pushback', reason: 'storage' });
  room = true;
  expect((await waiting).index).toBe(0);
  expect(log.status().unready).toBeUndefined();
  expect(deps.events.seen.map(({ type }) => type)).toEqual(expect.arrayContaining(['stalled', 'resumed']));
  await log.close({ timeoutMs: 1000 });
});

test('a disk full while sequencing refuses before an index exists, and readiness comes back without an entry', async () => {
  const store = testStore();
  let room = false;
  const sequence = changed(store.sequence, {
    append: (...args: Parameters<typeof store.sequence.append>) =>
      room ? store.sequence.append(...args) : Promise.reject(full()),
    room: async () => room,
  });
  const { log } = await testLog({ store, changed: { sequence } });
  await expect(log.add(entry(0))).rejects.toMatchObject({ code: 'storage-full' });
  expect(log.status().unready).toContain('the disk is full');
  room = true;
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(log.status().unready).toBeUndefined();
  expect((await log.add(entry(0))).index).toBe(0);
  await log.close({ timeoutMs: 1000 });
});

test('an unknown outcome is asked again with the same token: one index, no failure', async () => {
  const store = testStore();
  let failures = 3;
  const sequence = changed(store.sequence, {
    append: async (...args: Parameters<typeof store.sequence.append>) => {
      const index = await store.sequence.append(...args);
      if (failures-- > 0) throw new LogError('outcome-unknown', 'the connection broke');
      return index;
    },
  });
  const { log } = await testLog({ store, changed: { sequence } });
  expect((await log.add(entry(0))).index).toBe(0);
  expect((await log.add(entry(1))).index).toBe(1);
  await log.close({ timeoutMs: 1000 });
  expect((await visible(store)).size).toBe(2);
});

test('a failed write ends writing: waiters learn that the outcome is unknown, nothing is signed', async () => {
  const store = testStore();
  const sequence = changed(store.sequence, { append: () => Promise.reject(new LogError('storage-failed', 'EIO')) });
  const { log } = await testLog({ store, changed: { sequence } });
  await expect(log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe('storage-failed');
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'storage-failed' });
  expect(log.published().tree.size).toBe(0);
});

test('other bytes at an immutable path stop the log with both kept', async () => {
  const { log, store } = await testLog();
  store.state.objects.set('tile/0/000.p/1', encodeUtf8('not a tile'));
  await expect(log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe('object-conflict');
  expect(log.published().tree.size).toBe(0);
});

test('a broken signer publishes nothing', async () => {
  const { log } = await testLog();
  await log.close({ timeoutMs: 1000 });
  const signer = { name: 'log.example/engine', keyId: 1, sign: async () => new Uint8Array(64) };
  await expect(testLog({ changed: { signers: [signer] } })).rejects.toMatchObject({ code: 'identity-mismatch' });
});
