import { expect, test } from 'vitest';
import { changed, door, entry, pause, testLog, testStore, until, visible } from './test-log.ts';

test('an index is told when its entry is durable, not when it is published', async () => {
  const store = testStore();
  const publishing = door();
  const checkpoints = changed(store.checkpoints, {
    replace: async (...args) => {
      if (log !== undefined) await publishing.pass();
      return store.checkpoints.replace(...args);
    },
  });
  let log: Awaited<ReturnType<typeof testLog>>['log'] | undefined;
  ({ log } = await testLog({ store, changed: { checkpoints } }));
  expect(await log.sequence(entry(0))).toEqual({ index: 0, duplicate: false });
  await publishing.reached;
  expect(await log.sequence(entry(0))).toEqual({ index: 0, duplicate: true });
  expect(log.published().tree.size).toBe(0);
  const receipt = log.add(entry(0));
  publishing.open();
  expect(await receipt).toMatchObject({ index: 0, duplicate: true });
  await log.close({ timeoutMs: 1000 });
  expect((await visible(store)).entries).toHaveLength(1);
});

test('no index is told before the append returned', async () => {
  const store = testStore();
  const durable = door();
  const sequence = changed(store.sequence, {
    append: async (...args) => {
      const first = await store.sequence.append(...args);
      await durable.pass();
      return first;
    },
  });
  const { log } = await testLog({ store, changed: { sequence } });
  let told = false;
  const placement = log.sequence(entry(0)).then((outcome) => {
    told = true;
    return outcome;
  });
  await durable.reached;
  await until(() => store.state.next === 1);
  expect(told).toBe(false);
  durable.open();
  expect((await placement).index).toBe(0);
  await log.close({ timeoutMs: 1000 });
});

test('those who wait for an index are turned away with the batch, and when the log stops', async () => {
  const store = testStore();
  let fail = false;
  const sequence = changed(store.sequence, {
    append: (...args) => (fail ? Promise.reject(new Error('EIO')) : store.sequence.append(...args)),
  });
  const { log } = await testLog({ store, changed: { sequence } });
  await log.sequence(entry(0));
  fail = true;
  await expect(log.sequence(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
  await expect(log.sequence(entry(2))).rejects.toMatchObject({ code: 'storage-failed' });
  await log.close({ timeoutMs: 1000 });
});

test('a caller that does not wait for its index leaves the others theirs', async () => {
  const { log } = await testLog();
  const leaving = new AbortController();
  const gone = log.sequence(entry(0), { signal: leaving.signal });
  const joined = log.sequence(entry(0));
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ code: 'aborted' });
  expect(await joined).toEqual({ index: 0, duplicate: true });
  await log.close({ timeoutMs: 1000 });
});

test.each([
  ['at once', 1],
  ['one after another, with restarts', 3],
])('a log that keeps duplicates gives each its own index: %s', async (_, lives) => {
  const store = testStore();
  const seen: number[] = [];
  for (let life = 0; life < lives; life++) {
    const { log } = await testLog({ store, limits: { duplicates: 'keep' } });
    const placed = await Promise.all(Array.from({ length: 20 }, () => log.sequence(entry('same'))));
    const published = await Promise.all(Array.from({ length: 5 }, () => log.add(entry('same'))));
    expect([...placed, ...published].some(({ duplicate }) => duplicate)).toBe(false);
    expect(published.every(({ proof }) => proof !== undefined)).toBe(true);
    seen.push(...placed.map(({ index }) => index), ...published.map(({ index }) => index));
    await log.close({ timeoutMs: 1000 });
  }
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 * lives }, (_, i) => i));
  expect(await store.dedupe.covered()).toBe(0);
  expect((await visible(store)).entries).toHaveLength(25 * lives);
});

test('a log that does not publish pushes back those who wait for an index alone', async () => {
  const store = testStore();
  const publishing = door();
  const checkpoints = changed(store.checkpoints, {
    replace: async (...args) => {
      if (log !== undefined) await publishing.pass();
      return store.checkpoints.replace(...args);
    },
  });
  let log: Awaited<ReturnType<typeof testLog>>['log'] | undefined;
  const limits = { outstanding: { maxEntries: 10, maxBytes: 10_000 } };
  ({ log } = await testLog({ store, changed: { checkpoints }, limits }));
  for (let i = 0; i < 10; i++) expect((await log.sequence(entry(i))).index).toBe(i);
  await expect(log.sequence(entry(10))).rejects.toMatchObject({ code: 'pushback', reason: 'integration' });
  publishing.open();
  await until(() => log?.status().published === 10);
  expect((await log.sequence(entry(10))).index).toBe(10);
  await log.close({ timeoutMs: 1000 });
});

test('where batches linger, entries that come one after the other share one; a full batch and a close wait for nobody', async () => {
  const lingering = { maxBytes: 1_000_000, lingerMs: 60_000 };
  const { log, deps } = await testLog({ limits: { batch: { ...lingering, maxEntries: 4 } } });
  const sizes = () => deps.events.seen.flatMap((event) => (event.type === 'sequenced' ? [event.count] : []));
  const first = [];
  for (let i = 0; i < 4; i++) {
    first.push(log.add(entry(i)));
    await pause(5);
  }
  await Promise.all(first);
  expect(sizes()).toEqual([4]);
  const last = [log.add(entry(4)), log.add(entry(5))];
  await pause(5);
  expect(sizes()).toEqual([4]);
  expect(await log.close({ timeoutMs: 5000 })).toBe('settled');
  await Promise.all(last);
  expect(sizes()).toEqual([4, 2]);
});

test('a batch lingers no longer than it may', async () => {
  const { log } = await testLog({ limits: { batch: { maxEntries: 4, maxBytes: 1000, lingerMs: 30 } } });
  expect((await log.add(entry(0))).index).toBe(0);
  expect((await log.add(entry(1))).index).toBe(1);
  await log.close({ timeoutMs: 5000 });
});
