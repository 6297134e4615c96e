import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import { changed, door, entry, pause, testLog, testStore } from './test-log.ts';

test('closing waits for a collection under way: nothing touches the stores afterwards', async () => {
  const store = testStore();
  const slow = door();
  const calls: string[] = [];
  const objects = changed(store.objects, {
    dropPartials: async (path) => {
      if (path === 'tile/entries/000') await slow.pass();
      calls.push(path);
      return store.objects.dropPartials(path);
    },
  });
  const sequence = changed(store.sequence, {
    collect: async (from, to) => {
      calls.push('collect');
      return store.sequence.collect(from, to);
    },
    close: async () => void calls.push('close'),
  });
  const { log } = await testLog({ store, changed: { objects, sequence }, limits: { collectIntervalMs: 1 } });
  await Promise.all(Array.from({ length: 300 }, (_, i) => log.add(entry(i))));
  await slow.reached;
  expect(calls).toEqual(['tile/0/000']);
  const closed = log.close({ timeoutMs: 1000 });
  await pause(80);
  slow.open();
  expect(await closed).toBe('settled');
  await pause();
  expect(calls.at(-1)).toBe('close');
});

test('closing twice is closing once', async () => {
  const store = testStore();
  let closes = 0;
  const sequence = changed(store.sequence, { close: async () => void closes++ });
  const { log } = await testLog({ store, changed: { sequence } });
  expect(await Promise.all([log.close({ timeoutMs: 1000 }), log.close({ timeoutMs: 1000 })])).toEqual([
    'settled',
    'settled',
  ]);
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
  expect(closes).toBe(1);
});

test('the lock is given up even when the dedupe index does not close', async () => {
  const store = testStore();
  let closed = false;
  const sequence = changed(store.sequence, {
    close: async () => {
      closed = true;
    },
  });
  const dedupe = changed(store.dedupe, { close: () => Promise.reject(new Error('disk')) });
  const { log } = await testLog({ store, changed: { sequence, dedupe } });
  await log.close({ timeoutMs: 1000 }).catch(() => undefined);
  expect(closed).toBe(true);
});

test('a dedupe index that cannot be written does not hold up the shutdown: the next start fills it', async () => {
  const store = testStore();
  const dedupe = changed(store.dedupe, { add: () => Promise.reject(new Error('disk')) });
  const { log } = await testLog({ store, changed: { dedupe } });
  await log.add(entry(0));
  const started = performance.now();
  expect(await log.close({ timeoutMs: 3000 })).toBe('settled');
  expect(performance.now() - started).toBeLessThan(1500);
  const again = await testLog({ store });
  expect((await again.log.add(entry(0))).duplicate).toBe(true);
  await again.log.close({ timeoutMs: 1000 });
});

test('what closing cuts off is no failure of the log, and publishes nothing behind the back of the next process', async () => {
  const store = testStore();
  const slow = door();
  const objects = changed(store.objects, {
    create: async (path, bytes) => {
      await slow.pass();
      return store.objects.create(path, bytes);
    },
  });
  const { log, deps } = await testLog({ store, changed: { objects } });
  const receipt = log.add(entry(0));
  const refused = expect(receipt).rejects.toMatchObject({ code: 'outcome-unknown' });
  await slow.reached;
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  await refused;
  slow.open();
  await pause();
  expect(deps.events.seen.filter(({ type }) => type === 'failed')).toEqual([]);
  expect(store.state.signed.size).toBe(0);
  expect(log.published().tree.size).toBe(0);
  const again = await testLog({ store });
  expect((await again.log.add(entry(0))).index).toBe(0);
  await again.log.close({ timeoutMs: 1000 });
});

test('an append that closing cuts off is no failure of the log', async () => {
  const store = testStore();
  const sequence = changed(store.sequence, {
    append: () => Promise.reject(new LogError('outcome-unknown', 'the connection broke')),
  });
  const { log, deps } = await testLog({ store, changed: { sequence } });
  const refused = expect(log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
  await pause(5);
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  await refused;
  await pause();
  expect(deps.events.seen.filter(({ type }) => type === 'failed')).toEqual([]);
});

test('a proof that is still being read from tiles settles before the log is closed', async () => {
  const store = testStore();
  // Neither hears of the other: who publishes what is settled here.
  const sequence = changed(store.sequence, { changes: async function* () {} });
  const other = await testLog({ store: testStore(store.state), changed: { sequence } });
  for (let i = 0; i < 5; i++) await other.log.add(entry(i));
  const [publishing, reading] = [door(), door()];
  const objects = changed(store.objects, {
    read: async (path) => {
      if (path === 'tile/0/000.p/7') await reading.pass();
      return store.objects.read(path);
    },
  });
  const checkpoints = changed(store.checkpoints, {
    replace: async (...args) => {
      await publishing.pass();
      return store.checkpoints.replace(...args);
    },
  });
  const { log } = await testLog({ store, changed: { objects, checkpoints, sequence, dedupe: undefined } });
  let settled = false;
  const receipt = log.add(entry('ours')).finally(() => {
    settled = true;
  });
  await publishing.reached;
  await other.log.add(entry('theirs'));
  await other.log.close({ timeoutMs: 1000 });
  publishing.open();
  await reading.reached;
  // The other replica published beyond our edge: the proof is on its way from the tiles.
  expect([log.published().tree.size, settled]).toEqual([7, false]);
  const closed = log.close({ timeoutMs: 1000 });
  await pause();
  reading.open();
  expect(await closed).toBe('settled');
  expect(settled).toBe(true);
  expect((await receipt).index).toBe(5);
});

test('a store that hangs keeps nobody from ending', async () => {
  const store = testStore();
  const sequence = changed(store.sequence, { close: () => new Promise<void>(() => {}) });
  const { log } = await testLog({ store, changed: { sequence } });
  const started = performance.now();
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  expect(performance.now() - started).toBeLessThan(2000);
});
