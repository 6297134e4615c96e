import { asLeafIndex, encodeHex } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import { changed, door, entry, testLog, testStore, until } from './test-log.ts';

/** A closed log of the entries 0 and 1. */
async function twoEntries() {
  const { log, store } = await testLog();
  await log.add(entry(0));
  await log.add(entry(1));
  await log.close({ timeoutMs: 1000 });
  return store;
}

test('a tile that cannot be read costs the duplicate, not the entries beside it nor the log', async () => {
  const store = await twoEntries();
  let fail = false;
  const objects = changed(store.objects, {
    read: (path) => (fail ? Promise.reject(new Error('EMFILE')) : store.objects.read(path)),
  });
  const { log } = await testLog({ store, changed: { objects } });
  fail = true;
  const [old, fresh] = await Promise.allSettled([log.add(entry(0)), log.add(entry('new'))]);
  expect(old).toMatchObject({ status: 'rejected', reason: { code: 'pushback', reason: 'dedupe' } });
  expect(fresh).toMatchObject({ status: 'fulfilled', value: { index: 2 } });
  fail = false;
  expect((await log.add(entry(0))).index).toBe(0);
  expect(log.status()).toMatchObject({ entries: 0, bytes: 0 });
  await log.close({ timeoutMs: 1000 });
});

test('duplicates in a batch that is turned away keep their answers, and count once', async () => {
  const store = await twoEntries();
  const sequence = changed(store.sequence, {
    append: () => Promise.reject(new LogError('pushback', 'too much', { reason: 'queue' })),
  });
  const { log } = await testLog({ store, changed: { sequence } });
  const results = await Promise.allSettled([log.add(entry(0)), log.add(entry('new')), log.add(entry(1))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log.status()).toMatchObject({ entries: 0, bytes: 0 });
  await log.close({ timeoutMs: 1000 });
});

test('a caller that is gone before it comes leaves nothing in the log', async () => {
  const { log } = await testLog();
  const gone = new AbortController();
  gone.abort();
  const expectation = log.expect();
  await expect(log.add(entry(0), { signal: gone.signal, expectation })).rejects.toMatchObject({ code: 'aborted' });
  expect((await log.add(entry(1))).index).toBe(0);
  await log.close({ timeoutMs: 1000 });
});

test('room that comes back while another append fails is looked for again', async () => {
  // Where exactly the second failure falls between the probe's answer and its end is tried step by step.
  for (let steps = 0; steps < 30; steps++) {
    const store = testStore();
    const [second, room] = [door(), door()];
    let [appends, asked] = [0, 0];
    const full = () => new LogError('storage-full', 'the disk is full');
    const sequence = changed(store.sequence, {
      append: async (...args) => {
        appends += 1;
        if (appends === 2) await second.pass();
        if (appends > 2) return store.sequence.append(...args);
        throw full();
      },
      room: async () => {
        asked += 1;
        if (asked === 1) await room.pass();
        for (let step = 0; step < 20; step++) await undefined;
        return true;
      },
    });
    const limits = { batch: { maxEntries: 1, maxBytes: 1000 }, appendsInFlight: 2 };
    const { log } = await testLog({ store, changed: { sequence }, limits });
    const both = Promise.allSettled([log.add(entry(0)), log.add(entry(1))]);
    await Promise.all([second.reached, room.reached]);
    room.open();
    for (let step = 0; step < steps; step++) await undefined;
    second.open();
    await both;
    await until(() => log.status().unready === undefined);
    await log.close({ timeoutMs: 1000 });
  }
});

test('many submissions of old entries in one batch read each tile once', async () => {
  const first = await testLog();
  await Promise.all(Array.from({ length: 400 }, (_, i) => first.log.add(entry(i))));
  await first.log.close({ timeoutMs: 1000 });
  let reads = 0;
  const objects = changed(first.store.objects, {
    read: (path) => {
      reads += 1;
      return first.store.objects.read(path);
    },
  });
  const { log } = await testLog({ store: first.store, changed: { objects } });
  reads = 0;
  const receipts = await Promise.all(Array.from({ length: 400 }, (_, i) => log.add(entry(i))));
  expect(receipts.every(({ duplicate }) => duplicate)).toBe(true);
  expect(reads).toBeLessThan(8);
  await log.close({ timeoutMs: 1000 });
});

test('what the index found out of order keeps each its own index', async () => {
  const store = await twoEntries();
  const { log } = await testLog({ store });
  const receipts = await Promise.all(['x', 1, 'y', 0, 'z'].map((name) => log.add(entry(name))));
  expect(receipts.map(({ index }) => index)).toEqual([2, 1, 3, 0, 4]);
  expect(store.state.dedupe.get(encodeHex(entry(0).leafHash))).toBe(asLeafIndex(0));
  await log.close({ timeoutMs: 1000 });
});
