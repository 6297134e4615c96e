import { expect, test } from 'vitest';
import { entry, testLog, testStore, visible } from './test-log.ts';

test('two replicas of one log give out each index once, and one tree', async () => {
  const one = await testLog({ limits: { publishIntervalMs: 1 } });
  const two = await testLog({ store: testStore(one.store.state), limits: { publishIntervalMs: 1 } });
  const receipts = await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      if (i % 40 === 39) await new Promise((resolve) => setTimeout(resolve, i / 40));
      return (i % 2 === 0 ? one : two).log.add(entry(i));
    }),
  );
  expect(receipts.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, i) => i));
  expect(receipts.every(({ index, publication }) => index < publication.tree.size)).toBe(true);
  await Promise.all([one.log.close({ timeoutMs: 1000 }), two.log.close({ timeoutMs: 1000 })]);
  const { entries, size } = await visible(one.store);
  expect(size).toBe(400);
  for (const [at, { index }] of receipts.entries()) expect(entries[index]).toEqual(entry(at).data);
});
