import { expect, test } from 'vitest';
import { changed, door, entry, testLog, testStore, until } from './test-log.ts';

test('an entry that is settled while another replica is found to be ahead does not shift what is indexed', async () => {
  const store = testStore();
  const [slow, first, ahead] = [door(), door(), door()];
  let isSlow = true;
  let isAhead = false;
  const sequence = changed(store.sequence, {
    append: async (...args) => {
      const index = await store.sequence.append(...args);
      if (isSlow) await slow.pass();
      return index;
    },
  });
  const dedupe = changed(store.dedupe, {
    add: async (...args) => {
      await first.pass();
      const moved = await store.dedupe.add(...args);
      isAhead = !moved;
      return moved;
    },
    covered: async () => {
      const cursor = await store.dedupe.covered();
      if (isAhead) await ahead.pass();
      return cursor;
    },
  });
  const { log } = await testLog({ store, changed: { sequence, dedupe } });
  // Stored, but its append has not returned.
  const receipt = log.add(entry(0));
  await slow.reached;
  // Another replica publishes and indexes it together with an entry of its own.
  const other = await testLog({ store: testStore(store.state) });
  expect((await other.log.add(entry('other'))).index).toBe(1);
  await until(() => store.state.covered === 2);
  expect(await other.log.close({ timeoutMs: 1000 })).toBe('settled');

  await first.reached;
  first.open();
  await ahead.reached;
  isSlow = false;
  slow.open();
  expect(await receipt).toMatchObject({ index: 0, duplicate: false });
  isAhead = false;
  ahead.open();

  expect((await log.add(entry(2))).index).toBe(2);
  await until(() => store.state.covered === 3);
  expect(await store.dedupe.find([entry(0), entry('other'), entry(2)].map(({ leafHash }) => leafHash))).toEqual([
    0, 1, 2,
  ]);
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
});
