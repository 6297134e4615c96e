import { leafHash } from '@tilewright/core/hash';
import { verifyConsistency, verifyInclusion } from '@tilewright/core/merkle';
import { naiveConsistency } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { entry, testLog, visible } from './test-log.ts';

test('the size-0 checkpoint is there before the first entry', async () => {
  const { log, store } = await testLog();
  expect((await visible(store)).size).toBe(0);
  expect(log.published().tree.size).toBe(0);
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
});

test('260 entries, 50 at a time, and one more: contiguous, proved, first tile full, last partial', async () => {
  const { log, store } = await testLog();
  let next = 0;
  const indexes: number[] = [];
  const writer = async () => {
    while (next < 260) {
      const one = entry(next++);
      const { index, publication, proof, duplicate } = await log.add(one);
      expect(duplicate).toBe(false);
      verifyInclusion(one.leafHash, index, publication.tree, proof ?? []);
      indexes.push(index);
    }
  };
  await Promise.all(Array.from({ length: 50 }, writer));
  indexes.push((await log.add(entry('last'))).index);
  expect(indexes.sort((a, b) => a - b)).toEqual(Array.from({ length: 261 }, (_, i) => i));
  expect(store.state.objects.has('tile/0/000')).toBe(true);
  expect(store.state.objects.has('tile/0/001.p/5')).toBe(true);
  await log.close({ timeoutMs: 1000 });
  expect((await visible(store)).size).toBe(261);
});

test('a restart keeps indexes, recognises duplicates, and stays consistent', async () => {
  const first = await testLog();
  await Promise.all(Array.from({ length: 300 }, (_, i) => first.log.add(entry(i))));
  await first.log.close({ timeoutMs: 1000 });
  const before = await visible(first.store);
  const { log } = await testLog({ store: first.store });
  const again = await log.add(entry(7));
  expect(again.duplicate).toBe(true);
  expect(before.entries[again.index]).toEqual(entry(7).data);
  expect((await log.add(entry('new'))).index).toBe(300);
  await log.close({ timeoutMs: 1000 });
  const after = await visible(first.store);
  const hashes = after.entries.map((bytes) => leafHash(bytes));
  verifyConsistency(before as never, after as never, naiveConsistency(hashes, before.size));
});

test('what was sequenced and not integrated before a crash is in the tree before the log opens', async () => {
  const first = await testLog();
  await first.log.add(entry(0));
  await first.log.close({ timeoutMs: 1000 });
  await first.store.sequence.append(
    [entry(1).data, entry(2).data],
    new Uint8Array(16) as never,
    new AbortController().signal,
  );
  const { log, deps } = await testLog({ store: first.store });
  expect(log.published().tree.size).toBe(3);
  expect(deps.events.seen).toContainEqual(expect.objectContaining({ type: 'opened', replayed: 2 }));
  expect((await log.add(entry(2))).duplicate).toBe(true);
  await log.close({ timeoutMs: 1000 });
});

test('any published entry can be proved', async () => {
  const { log, store } = await testLog({ limits: { collectIntervalMs: 5 } });
  await Promise.all(Array.from({ length: 700 }, (_, i) => log.add(entry(i))));
  await new Promise((resolve) => setTimeout(resolve, 30));
  for (const index of [0, 1, 255, 256, 511, 699]) {
    const { entry: bytes, proof, publication } = await log.prove(index);
    verifyInclusion(leafHash(bytes), index, publication.tree, proof);
  }
  await expect(log.prove(700)).rejects.toMatchObject({ code: 'not-found' });
  expect([...store.state.objects.keys()].filter((path) => /^tile\/(0|entries)\/00[01]\.p/.test(path))).toEqual([]);
  await log.close({ timeoutMs: 1000 });
  expect((await visible(store)).size).toBe(700);
});

test('closing settles what is under way and refuses what comes after', async () => {
  const { log, store } = await testLog();
  const pending = Array.from({ length: 40 }, (_, i) => log.add(entry(i)));
  const closed = log.close({ timeoutMs: 2000 });
  await expect(log.add(entry('late'))).rejects.toMatchObject({ code: 'closing' });
  expect((await Promise.all(pending)).map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(await closed).toBe('settled');
  expect((await visible(store)).size).toBe(40);
});
