import { asLeafIndex, asTreeSize, encodeHex } from '@tilewright/core/bytes';
import type { Version } from '@tilewright/log/ports';
import { expect, test } from 'vitest';
import { changed, door, entry, pause, TOKEN, testLog, testStore, until, visible } from './test-log.ts';

const NEVER = new AbortController().signal;

test('a replica whose tree another one outran while it was about to sign goes on from there', async () => {
  const store = testStore();
  const slow = door();
  const sequence = changed(store.sequence, {
    raiseSigned: async (tree, minAge) => {
      if (tree.size === 1) await slow.pass();
      return store.sequence.raiseSigned(tree, minAge);
    },
    changes: async function* () {},
  });
  const { log } = await testLog({ store, changed: { sequence } });
  const first = log.add(entry(0));
  await slow.reached;
  const other = await testLog({ store: testStore(store.state) });
  expect((await other.log.add(entry(1))).index).toBe(1);
  slow.open();
  expect((await first).index).toBe(0);
  expect(log.status().unready).toBeUndefined();
  expect((await log.add(entry(2))).index).toBe(2);
  await Promise.all([log.close({ timeoutMs: 1000 }), other.log.close({ timeoutMs: 1000 })]);
  expect((await visible(store)).size).toBe(3);
});

test('a floor above everything that is integrated stays a fork', async () => {
  const store = testStore();
  const { log } = await testLog({ store });
  store.state.signed = { size: asTreeSize(9), root: store.state.signed.root };
  await expect(log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe('fork');
  expect(log.published().tree.size).toBe(0);
  await log.close({ timeoutMs: 100 });
});

test('a tree that went back is a fork, not progress of another replica', async () => {
  const store = testStore();
  const { log } = await testLog({ store });
  const old = store.state.tree;
  for (let i = 0; i < 3; i++) await log.add(entry(i));
  store.state.tree = old;
  await expect(log.add(entry(3))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe('fork');
  await log.close({ timeoutMs: 100 });
});

test('a log that another replica publishes to while it is being opened opens', async () => {
  const store = testStore();
  const other = await testLog({ store: testStore(store.state) });
  const sequence = changed(store.sequence, {
    head: async () => {
      const head = await store.sequence.head();
      if (head.next === 0) await other.log.add(entry(0));
      return head;
    },
  });
  const { log } = await testLog({ store, changed: { sequence } });
  expect((await log.add(entry(1))).index).toBe(1);
  await Promise.all([log.close({ timeoutMs: 1000 }), other.log.close({ timeoutMs: 1000 })]);
});

test('two replicas may create a log at the same time', async () => {
  const store = testStore();
  const objects = changed(store.objects, {
    isEmpty: async () => {
      const empty = await store.objects.isEmpty();
      if (empty) await (await testLog({ store: testStore(store.state) })).log.add(entry('first'));
      return store.objects.isEmpty();
    },
  });
  const { log } = await testLog({ store, changed: { objects } });
  expect((await log.add(entry('second'))).index).toBe(1);
  await log.close({ timeoutMs: 1000 });
});

test('an entry that only another replica knows to be integrated is a duplicate all the same', async () => {
  const store = testStore();
  const sequence = changed(store.sequence, { changes: async function* () {} });
  const { log, deps } = await testLog({ store, changed: { sequence } });
  const other = await testLog({ store: testStore(store.state) });
  for (let i = 0; i < 300; i++) void other.log.add(entry(i));
  await other.log.add(entry(300));
  await until(() => store.state.covered === 301);
  expect(await log.add(entry(299))).toMatchObject({ duplicate: true, index: 299 });
  expect(deps.events.seen.filter(({ type }) => type === 'dedupe-mismatch')).toEqual([]);
  await Promise.all([log.close({ timeoutMs: 1000 }), other.log.close({ timeoutMs: 1000 })]);
});

test('a dedupe index that another replica filled further than we have published is ahead, not behind', async () => {
  const store = testStore();
  const slow = door();
  let adds = 0;
  const dedupe = changed(store.dedupe, {
    add: async (...args) => {
      adds += 1;
      if (adds === 1) await slow.pass();
      return store.dedupe.add(...args);
    },
  });
  const sequence = changed(store.sequence, { changes: async function* () {} });
  const limits = { dedupe: { maxLag: 50, batch: 10, intervalMs: 1, recent: 10 } };
  const { log, deps } = await testLog({ store, changed: { dedupe, sequence }, limits });
  await log.add(entry('ours'));
  const other = await testLog({ store: testStore(store.state) });
  for (let i = 0; i < 300; i++) void other.log.add(entry(i));
  await other.log.add(entry(300));
  await until(() => store.state.covered === 302);
  slow.open();
  await pause();
  expect(log.status()).toMatchObject({ unready: undefined, dedupeLag: 0 });
  expect(adds).toBe(1);
  expect(deps.events.seen.filter(({ type }) => type === 'stalled')).toEqual([]);
  expect((await log.add(entry('ours too'))).index).toBe(302);
  await Promise.all([log.close({ timeoutMs: 1000 }), other.log.close({ timeoutMs: 1000 })]);
});

test('entries that another follower indexed are let go of', async () => {
  const store = testStore();
  let outrun = true;
  const dedupe = changed(store.dedupe, {
    // Each of our writes finds that somebody else's came first.
    add: async (from, ids) => {
      if (outrun) await store.dedupe.add(from, ids);
      return store.dedupe.add(from, ids);
    },
  });
  const limits = { dedupe: { maxLag: 50, batch: 10, intervalMs: 1, recent: 10 } };
  const { log } = await testLog({ store, changed: { dedupe }, limits });
  for (let i = 0; i < 30; i++) await log.add(entry(i));
  await until(() => store.state.covered === 30);
  await pause();
  outrun = false;
  const finds: string[] = [];
  const { find } = store.dedupe;
  store.dedupe.find = async (ids) => {
    finds.push(...ids.map((id) => encodeHex(id)));
    return find(ids);
  };
  // Whoever is still remembered is answered without a look into the index.
  for (let i = 0; i < 30; i++) expect((await log.add(entry(i))).index).toBe(asLeafIndex(i));
  expect(finds).toHaveLength(30);
  await log.close({ timeoutMs: 1000 });
});

test('a larger checkpoint that contradicts the tiles is a fork, whoever signed it', async () => {
  const forked = await testLog();
  for (let i = 0; i < 3; i++) await forked.log.add(entry(`fork ${i}`));
  await forked.log.close({ timeoutMs: 1000 });
  const store = testStore();
  const slow = door();
  const checkpoints = changed(store.checkpoints, {
    replace: async (...args) => {
      await slow.pass();
      return store.checkpoints.replace(...args);
    },
  });
  // Neither hears of the other: who publishes what is settled here.
  const sequence = changed(store.sequence, { changes: async function* () {} });
  const other = await testLog({ store: testStore(store.state), changed: { sequence } });
  const { log } = await testLog({ store, changed: { checkpoints, sequence } });
  const refused = expect(log.add(entry('ours'))).rejects.toMatchObject({ code: 'outcome-unknown' });
  await slow.reached;
  for (let i = 0; i < 5; i++) await other.log.add(entry(i));
  await other.log.close({ timeoutMs: 1000 });
  const { checkpoint } = forked.store.state;
  store.state.checkpoint = checkpoint && { note: checkpoint.note, version: 'forked' as Version };
  slow.open();
  await refused;
  expect(await log.failed).toMatchObject({ code: 'fork', path: 'checkpoint' });
  expect(log.published().tree.size).toBe(0);
  await log.close({ timeoutMs: 100 });
});

test('sequenced entries that do not continue the tree are never put into it', async () => {
  const store = testStore();
  const { log } = await testLog({ store });
  await log.add(entry(0));
  await log.close({ timeoutMs: 1000 });
  await store.sequence.append([entry(1).data, entry(2).data], TOKEN, NEVER);
  const [batch] = store.state.batches;
  if (batch === undefined) throw new Error('nothing pending');
  store.state.batches = [{ first: asLeafIndex(2), entries: batch.entries.slice(1) }];
  await expect(testLog({ store })).rejects.toMatchObject({ code: 'corrupt' });
  expect([...store.state.objects.keys()].filter((path) => path.endsWith('.p/2'))).toEqual([]);
});

test("another replica's entries fill the dedupe index of one that is idle", async () => {
  const store = testStore();
  const { log } = await testLog({ store });
  const other = await testLog({ store: testStore(store.state), changed: { dedupe: undefined } });
  for (let i = 0; i < 5; i++) await other.log.add(entry(i));
  await until(() => store.state.covered === 5);
  await Promise.all([log.close({ timeoutMs: 1000 }), other.log.close({ timeoutMs: 1000 })]);
});

test('a replica closes although another one never rests', async () => {
  const store = testStore();
  const objects = changed(store.objects, {
    read: async (path) => {
      await pause(2);
      return store.objects.read(path);
    },
  });
  const { log } = await testLog({ store, changed: { objects } });
  const other = await testLog({ store: testStore(store.state) });
  let busy = true;
  const writer = async (_: unknown, at: number) => {
    for (let i = 0; busy; i++) await other.log.add(entry(`busy ${at} ${i}`));
  };
  const writing = Promise.all(Array.from({ length: 4 }, writer));
  const receipt = log.add(entry('ours'));
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
  await receipt;
  busy = false;
  await writing;
  await other.log.close({ timeoutMs: 1000 });
});

test('an entry that is answered while its tile is being indexed is indexed once, and the next under its own number', async () => {
  const store = testStore();
  const [answering, reading] = [door(), door()];
  const sequence = changed(store.sequence, {
    append: async (...args) => {
      const index = await store.sequence.append(...args);
      if (index === 0) await answering.pass();
      return index;
    },
  });
  let published = () => 0;
  const objects = changed(store.objects, {
    read: async (path) => {
      if (published() === 1) await reading.pass();
      return store.objects.read(path);
    },
  });
  const { log } = await testLog({ store, changed: { sequence, objects } });
  published = () => log.published().tree.size;
  const other = await testLog({ store: testStore(store.state), changed: { dedupe: undefined } });
  const first = log.add(entry(0));
  // Published before its append returns here; the follower finds it in the tile.
  await reading.reached;
  answering.open();
  expect((await first).index).toBe(0);
  reading.open();
  expect((await log.add(entry(1))).index).toBe(1);
  await until(() => store.state.covered === 2);
  expect(await store.dedupe.find([entry(0).leafHash, entry(1).leafHash])).toEqual([0, 1]);
  await Promise.all([log.close({ timeoutMs: 1000 }), other.log.close({ timeoutMs: 1000 })]);
});
