import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import type { MemoryStore } from '../open-memory-store.ts';
import { changed, entry, TOKEN, testLog, testStore, until, visible } from './test-log.ts';

const full = () => new LogError('storage-full', 'the disk is full');

/** A closed log of one entry, and two more that were sequenced and not integrated. */
async function interrupted(): Promise<MemoryStore> {
  const { log, store } = await testLog();
  await log.add(entry(0));
  await log.close({ timeoutMs: 1000 });
  await store.sequence.append([entry(1).data, entry(2).data], TOKEN, new AbortController().signal);
  return store;
}

test.each(['tiles', 'tree', 'floor', 'checkpoint', 'dedupe index'] as const)(
  'a log that has no room for its %s at the start serves reads, refuses entries, and recovers by itself',
  async (what) => {
    const store = await interrupted();
    let room = false;
    const unless = (fails: boolean) => {
      if (fails && !room) throw full();
    };
    const objects = changed(store.objects, {
      create: async (...args) => {
        unless(what === 'tiles');
        return store.objects.create(...args);
      },
    });
    const sequence = changed(store.sequence, {
      advance: async (...args) => {
        unless(what === 'tree');
        return store.sequence.advance(...args);
      },
      raiseSigned: async (...args) => {
        unless(what === 'floor');
        return store.sequence.raiseSigned(...args);
      },
    });
    const checkpoints = changed(store.checkpoints, {
      replace: async (...args) => {
        unless(what === 'checkpoint');
        return store.checkpoints.replace(...args);
      },
    });
    const dedupe = changed(store.dedupe, {
      add: async (...args) => {
        unless(what === 'dedupe index');
        return store.dedupe.add(...args);
      },
    });
    const { log } = await testLog({ store, changed: { objects, sequence, checkpoints, dedupe } });
    expect((await log.prove(0)).entry).toEqual(entry(0).data);
    expect(log.status().unready).toBeDefined();
    await expect(log.add(entry(2))).rejects.toMatchObject({ code: 'pushback', reason: 'storage' });
    room = true;
    await until(() => log.status().unready === undefined);
    expect(await log.add(entry(2))).toMatchObject({ index: 2, duplicate: true });
    expect((await log.add(entry(3))).index).toBe(3);
    expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
    expect((await visible(store)).size).toBe(4);
  },
);

test('a log that never finds room closes within its bound', async () => {
  const store = await interrupted();
  const objects = changed(store.objects, { create: () => Promise.reject(full()) });
  const { log } = await testLog({ store, changed: { objects } });
  expect(await log.close({ timeoutMs: 20 })).toBe('timed-out');
  expect(store.state.tree.size).toBe(1);
});

test('a failure that shows while room is waited for is not taken for want of room', async () => {
  const store = testStore();
  const objects = changed(store.objects, {
    create: (path) => Promise.reject(path.includes('entries') ? full() : new LogError('storage-failed', 'EIO')),
  });
  const { log } = await testLog({ store, changed: { objects } });
  await expect(log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe('storage-failed');
  await log.close({ timeoutMs: 100 });
});

test('a recovery that fails after it was held up ends writing', async () => {
  const store = await interrupted();
  let tries = 0;
  const objects = changed(store.objects, {
    create: () => Promise.reject(tries++ < 6 ? full() : new LogError('storage-failed', 'EIO')),
  });
  const { log } = await testLog({ store, changed: { objects } });
  expect((await log.failed).code).toBe('storage-failed');
  await expect(log.add(entry(5))).rejects.toMatchObject({ code: 'storage-failed' });
  await log.close({ timeoutMs: 100 });
});
