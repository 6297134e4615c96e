import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import { changed, door, entry, pause, testLog, testStore, until } from './test-log.ts';

const refusal = () => new LogError('pushback', 'the database does not answer', { reason: 'storage' });

test('entries that a store out of reach does not take are refused, those behind them too, and intake opens when it answers', async () => {
  const store = testStore();
  const slow = door();
  let isThere = false;
  const sequence = changed(store.sequence, {
    append: async (...args) => {
      await slow.pass();
      if (!isThere) throw refusal();
      return store.sequence.append(...args);
    },
    room: async () => isThere,
  });
  const { log } = await testLog({ store, changed: { sequence } });
  const first = log.add(entry(0));
  // On its way: whoever comes now waits behind it.
  await pause(5);
  const behind = log.add(entry(1));
  slow.open();
  for (const receipt of [first, behind])
    await expect(receipt).rejects.toMatchObject({ code: 'pushback', reason: 'storage' });
  expect(log.status().unready).toContain('the database does not answer');
  await expect(log.add(entry(2))).rejects.toMatchObject({ code: 'pushback', reason: 'storage' });

  isThere = true;
  await until(() => log.status().unready === undefined);
  expect(await log.add(entry(1))).toMatchObject({ index: 0, duplicate: false });
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
});
