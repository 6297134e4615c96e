import { realClock } from '@tilewright/log/testing';
import { openMemoryStore } from '@tilewright/store-memory';
import { describe, expect, test } from 'vitest';
import { damage, entry, openOn, storeWith, TIGHT } from './scene.ts';

test('a proof from a damaged tile is not handed out', async () => {
  const store = await storeWith(6);
  const log = await openOn(store);
  damage(store, 'tile/0/000', 40);
  await expect(log.prove(0)).rejects.toMatchObject({ name: 'LogError' });
  await expect(log.prove(6)).rejects.toMatchObject({ code: 'not-found' });
  await expect(log.prove(4)).resolves.toBeDefined();
});

test('an entry that is not what was integrated gets no proof', async () => {
  const store = openMemoryStore();
  const one = entry(1);
  const changing = {
    ...store.checkpoints,
    replace: (note: Uint8Array, expected: Parameters<typeof store.checkpoints.replace>[1]) => {
      // Memory that goes bad between integration and the answer.
      one.leafHash[0] = (one.leafHash[0] ?? 0) + 1;
      return store.checkpoints.replace(note, expected);
    },
  };
  const log = await openOn(await storeWith(0), {});
  await log.close({ timeoutMs: 1_000 });
  const open = await openOn(store, {});
  await open.close({ timeoutMs: 1_000 });
  const bad = await openOn(store, { checkpoints: changing });
  await expect(bad.add(one)).rejects.toMatchObject({ code: 'proof-failed' });
});

test('what the index finds is believed only when the tile says so too', async () => {
  const store = await storeWith(4);
  for (const [id, index] of store.state.dedupe) if (index === 1) store.state.dedupe.set(id, 2 as typeof index);
  const log = await openOn(store);
  const receipt = await log.add(entry(1));
  expect([receipt.index, receipt.duplicate]).toEqual([4, false]);
});

test('an index beyond the tree is not believed', async () => {
  const store = await storeWith(4);
  for (const [id, index] of store.state.dedupe) if (index === 1) store.state.dedupe.set(id, 100 as typeof index);
  const log = await openOn(store);
  expect((await log.add(entry(1))).index).toBe(4);
});

test('an index that is ahead of the log is filled anew', async () => {
  const store = await storeWith(4);
  store.state.covered = 50 as typeof store.state.covered;
  store.state.dedupe.clear();
  const log = await openOn(store);
  expect(await log.add(entry(1))).toMatchObject({ index: 1, duplicate: true });
});

test('an entry that was answered and is not indexed yet is answered at once', async () => {
  const store = await storeWith(1);
  const reached = Promise.withResolvers<void>();
  const add = (): Promise<never> => {
    reached.resolve();
    return new Promise<never>(() => {});
  };
  const log = await openOn(store, { dedupe: { ...store.dedupe, add } });
  await log.add(entry(7));
  await reached.promise;
  const late = new Promise((done) => setTimeout(done, 500, 'waits'));
  expect(await Promise.race([log.add(entry(7)), late])).toMatchObject({ index: 1, duplicate: true });
});

test('an index that cannot be read is no miss', async () => {
  const store = await storeWith(4);
  const log = await openOn(store, {
    dedupe: { ...store.dedupe, find: () => Promise.reject(new Error('broken')) },
  });
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'pushback' });
  expect(store.state.next).toBe(4);
});

test('what cannot be told old from new is refused, and nothing beside it', async () => {
  const store = await storeWith(8);
  const broken = { ...store.objects, read: store.objects.read };
  const log = await openOn(store, { objects: broken });
  broken.read = () => Promise.reject(new Error('broken'));
  const [old, fresh] = await Promise.allSettled([log.add(entry(1)), log.add(entry(20))]);
  expect(old).toMatchObject({ status: 'rejected', reason: { code: 'pushback' } });
  expect(fresh.status).toBe('fulfilled');
  expect(store.state.next).toBe(9);
});

describe('refused before an index exists', () => {
  const stuck = async (): Promise<{
    store: ReturnType<typeof openMemoryStore>;
    add: (i: number) => Promise<unknown>;
  }> => {
    const store = await storeWith(0);
    const log = await openOn(store, { sequence: { ...store.sequence, append: () => new Promise<never>(() => {}) } });
    return {
      store,
      add: (i) => Promise.race([log.add(entry(i)), new Promise((done) => setTimeout(done, 20, 'waits'))]),
    };
  };

  test('more entries than may wait', async () => {
    const { add } = await stuck();
    expect(await Promise.all([1, 2, 3].map(add))).toEqual(['waits', 'waits', 'waits']);
    await expect(add(4)).rejects.toMatchObject({ code: 'pushback', reason: 'integration' });
  });

  test('more bytes than may wait', async () => {
    const store = await storeWith(0);
    const options = { ...TIGHT, outstanding: { maxEntries: 100, maxBytes: 10 } };
    const sequence = { ...store.sequence, append: () => new Promise<never>(() => {}) };
    const log = await openOn(store, { sequence }, options);
    void log.add(entry(1));
    await expect(log.add(entry(2))).rejects.toMatchObject({ code: 'pushback', reason: 'queue' });
  });

  test('when the index lags behind', async () => {
    const store = await storeWith(0);
    const dedupe = { ...store.dedupe, add: () => Promise.reject(new Error('broken')) };
    const log = await openOn(store, { dedupe }, { ...TIGHT, dedupe: { ...TIGHT.dedupe, maxLag: 3 } });
    for (let i = 0; i < 4; i++) await log.add(entry(i));
    await expect(log.add(entry(5))).rejects.toMatchObject({ code: 'pushback', reason: 'dedupe' });
  });
});

describe('superseded partials', () => {
  const quick = {
    ...TIGHT,
    collectIntervalMs: 3,
    publishIntervalMs: 1,
    outstanding: { maxEntries: 100, maxBytes: 10_000 },
  };
  const until = async (done: () => boolean): Promise<void> => {
    for (let tries = 0; !done(); tries++) {
      if (tries > 500) throw new Error('it never happens');
      await new Promise((later) => setTimeout(later, 5));
    }
  };

  test('stay while the checkpoint that covers the full tile is not published', async () => {
    const store = await storeWith(3);
    const clock = realClock();
    let rounds = 0;
    const sleep: typeof clock.sleep = (ms, signal) => {
      if (ms === quick.collectIntervalMs) rounds += 1;
      return clock.sleep(ms, signal);
    };
    const checkpoints = { ...store.checkpoints, replace: () => new Promise<never>(() => {}) };
    const log = await openOn(store, { checkpoints, clock: { ...clock, sleep } }, quick);
    void log.add(entry(3)).catch(() => undefined);
    await until(() => store.state.tree.size === 4);
    const before = rounds;
    await until(() => rounds > before + 3);
    expect(store.state.objects.has('tile/0/001.p/1')).toBe(true);
  });

  test('go, whichever of them cannot be removed', async () => {
    const store = await storeWith(5);
    const dropPartials: typeof store.objects.dropPartials = async (of) => {
      if (of === 'tile/0/000') throw new Error('broken');
      await store.objects.dropPartials(of);
    };
    await openOn(store, { objects: { ...store.objects, dropPartials } }, quick);
    await until(() => !store.state.objects.has('tile/0/001.p/1'));
    expect(store.state.objects.has('tile/0/002.p/1')).toBe(true);
  });
});
