import { asLeafIndex, encodeHex } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import { changed, entry, testLog } from './test-log.ts';

test('of many submissions of one entry one is first, the others get its index', async () => {
  const { log } = await testLog();
  const receipts = await Promise.all(Array.from({ length: 20 }, () => log.add(entry(1))));
  expect(receipts.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  expect(new Set(receipts.map(({ index }) => index))).toEqual(new Set([0]));
  expect(receipts.every(({ publication }) => publication.tree.size === 1)).toBe(true);
  await log.close({ timeoutMs: 1000 });
});

test('a caller that goes away takes nobody with it, not even who joined it', async () => {
  const { log } = await testLog();
  const leaving = new AbortController();
  const gone = log.add(entry(1), { signal: leaving.signal });
  const joined = log.add(entry(1));
  const others = Array.from({ length: 30 }, (_, i) => log.add(entry(`other ${i}`)));
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ code: 'aborted' });
  expect((await joined).index).toBe(0);
  await Promise.all(others);
  expect((await log.add(entry(1))).duplicate).toBe(true);
  await log.close({ timeoutMs: 1000 });
});

test('without a persistent index the latest entries are recognised', async () => {
  const { log } = await testLog({ changed: { dedupe: undefined }, limits: {} });
  await Promise.all(Array.from({ length: 100 }, (_, i) => log.add(entry(i))));
  expect((await log.add(entry(99))).duplicate).toBe(true);
  await log.close({ timeoutMs: 1000 });
});

test('an index that lies is an alarm and a miss, never a wrong answer', async () => {
  const first = await testLog();
  await first.log.add(entry(0));
  await first.log.close({ timeoutMs: 1000 });
  first.store.state.dedupe.set(encodeHex(entry('new').leafHash), asLeafIndex(0));
  const { log, deps } = await testLog({ store: first.store });
  const receipt = await log.add(entry('new'));
  expect(receipt).toMatchObject({ index: 1, duplicate: false });
  expect(deps.events.seen).toContainEqual({ type: 'dedupe-mismatch', index: 0 });
  await log.close({ timeoutMs: 1000 });
});

test.each([
  ['lost', 0],
  ['ahead of the log', 5000],
])('an index that is %s is rebuilt before intake opens', async (_, covered) => {
  const first = await testLog();
  await Promise.all(Array.from({ length: 600 }, (_, i) => first.log.add(entry(i))));
  await first.log.close({ timeoutMs: 1000 });
  first.store.state.dedupe.clear();
  first.store.state.covered = covered as never;
  const { log } = await testLog({ store: first.store });
  const receipts = await Promise.all(Array.from({ length: 600 }, (_, i) => log.add(entry(i))));
  expect(receipts.every(({ duplicate }) => duplicate)).toBe(true);
  expect(log.status().next).toBe(600);
  await log.close({ timeoutMs: 1000 });
});

test('an index that cannot be read refuses the entry instead of taking it for new', async () => {
  const { store } = await testLog();
  const dedupe = changed(store.dedupe, { find: () => Promise.reject(new Error('disk')) });
  const { log } = await testLog({ store, changed: { dedupe } });
  await expect(log.add(entry(0))).rejects.toMatchObject({ code: 'pushback', reason: 'dedupe' });
  await log.close({ timeoutMs: 1000 });
});

test.each([
  [100, 5],
  [256, 5],
  [300, 5],
  [600, 3],
  [2000, 1],
])('a lost index is filled from the tiles in batches of about %i', async (batch, most) => {
  const first = await testLog();
  await Promise.all(Array.from({ length: 1200 }, (_, i) => first.log.add(entry(i))));
  await first.log.close({ timeoutMs: 1000 });
  await first.store.dedupe.reset();
  let adds = 0;
  const dedupe = changed(first.store.dedupe, {
    add: (...args) => {
      adds += 1;
      return first.store.dedupe.add(...args);
    },
  });
  const limits = { dedupe: { maxLag: 5000, batch, intervalMs: 1, recent: 10 } };
  const { log } = await testLog({ store: first.store, changed: { dedupe }, limits });
  expect(adds).toBeLessThanOrEqual(most);
  const receipts = await Promise.all(Array.from({ length: 1200 }, (_, i) => log.add(entry(i))));
  expect(receipts.map(({ index }) => index)).toEqual(Array.from({ length: 1200 }, (_, i) => i));
  await log.close({ timeoutMs: 1000 });
});
