import { encodeHex } from '@tilewright/core/bytes';
import type { DedupeIndex, SequenceStore } from '@tilewright/log/ports';
import { type MemoryStore, openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { entry, openOn, storeWith, TIGHT } from './scene.ts';

async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; !done(); tries++) {
    if (tries > 500) throw new Error('it never happens');
    await new Promise((later) => setTimeout(later, 4));
  }
}

/** Where the index finds entry `i`. */
const found = ({ state }: MemoryStore, i: number): number | undefined => state.dedupe.get(encodeHex(entry(i).leafHash));
/** Nobody tells of other replicas' progress: hints may be lost. */
const silent: SequenceStore['changes'] = async function* () {};

test('what the index failed to take is offered again', async () => {
  const store = await storeWith(0);
  let fails = 1;
  const add: DedupeIndex['add'] = (from, ids) =>
    fails-- > 0 ? Promise.reject(new Error('broken')) : store.dedupe.add(from, ids);
  const log = await openOn(store, { dedupe: { ...store.dedupe, add } });
  await log.add(entry(1));
  await until(() => found(store, 1) === 0);
});

test('an index that is elsewhere than the log thought is filled from there', async () => {
  const store = await storeWith(3);
  const log = await openOn(store);
  store.state.dedupe.clear();
  store.state.covered = 0 as typeof store.state.covered;
  await log.add(entry(5));
  await until(() => [0, 1, 2, 5].every((i) => found(store, i) !== undefined));
  expect([0, 1, 2, 5].map((i) => found(store, i))).toEqual([0, 1, 2, 3]);
});

test('entries between which another replica had some are indexed where they stand', async () => {
  const store = openMemoryStore();
  const other = await openOn(openMemoryStore({ state: store.state }), { dedupe: undefined });
  const log = await openOn(store, { sequence: { ...store.sequence, changes: silent } });
  await other.add(entry(1));
  await log.add(entry(2));
  await until(() => store.state.covered === 2);
  expect([found(store, 1), found(store, 2)]).toEqual([0, 1]);
});

test('entries that come while the index fails are indexed where they stand', async () => {
  const store = await storeWith(0);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let first = true;
  const add: DedupeIndex['add'] = async (from, ids) => {
    if (!first) return store.dedupe.add(from, ids);
    first = false;
    reached.resolve();
    await held.promise;
    throw new Error('broken');
  };
  const log = await openOn(store, { dedupe: { ...store.dedupe, add } });
  await log.add(entry(1));
  await reached.promise;
  await log.add(entry(2));
  held.resolve();
  await until(() => store.state.covered === 2);
  expect([found(store, 1), found(store, 2)]).toEqual([0, 1]);
});

test('an entry that another replica integrated beyond what is known here is an old one', async () => {
  const store = openMemoryStore();
  const log = await openOn(store, { sequence: { ...store.sequence, changes: silent } });
  const other = await openOn(openMemoryStore({ state: store.state }));
  await other.add(entry(1));
  await until(() => found(store, 1) === 0);
  expect(await log.add(entry(1))).toMatchObject({ index: 0, duplicate: true });
});

test('of two appends the later may be told first: both are published', async () => {
  const store = await storeWith(0);
  const held = Promise.withResolvers<void>();
  let calls = 0;
  const append: SequenceStore['append'] = async (...all) => {
    const first = await store.sequence.append(...all);
    if (calls++ === 0) await held.promise;
    return first;
  };
  const options = { ...TIGHT, appendsInFlight: 2 };
  const log = await openOn(store, { sequence: { ...store.sequence, append, changes: silent } }, options);
  const slow = log.add(entry(1));
  await until(() => store.state.next === 1);
  const quick = log.add(entry(2));
  await until(() => log.status().next === 2);
  const integrated = Promise.all([slow, quick]);
  held.resolve();
  expect((await integrated).map(({ index }) => index)).toEqual([0, 1]);
  expect(log.status().next).toBe(2);
});
