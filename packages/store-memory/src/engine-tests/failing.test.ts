import { LogError } from '@tilewright/log';
import { expect, test } from 'vitest';
import { changed, door, entry, pause, testLog, testStore, until } from './test-log.ts';

const broken = () => new LogError('storage-failed', 'EIO');

test('after a failed append nothing is integrated or signed that was not already', async () => {
  const store = testStore();
  const slow = door();
  let appends = 0;
  const sequence = changed(store.sequence, {
    append: async (...args) => (appends++ === 0 ? store.sequence.append(...args) : Promise.reject(broken())),
  });
  const objects = changed(store.objects, {
    create: async (path, bytes) => {
      await slow.pass();
      return store.objects.create(path, bytes);
    },
  });
  const { log } = await testLog({ store, changed: { sequence, objects } });
  const first = expect(log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
  await slow.reached;
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
  await first;
  slow.open();
  await pause();
  expect(store.state.tree.size).toBe(0);
  expect(store.state.signed.size).toBe(0);
  expect(log.published().tree.size).toBe(0);
  await log.close({ timeoutMs: 100 });
});

test.each(['floor', 'signature'] as const)(
  'a failure during the %s keeps the checkpoint from being replaced',
  async (when) => {
    const store = testStore();
    const slow = door();
    let [appends, signatures] = [0, 0];
    const sequence = changed(store.sequence, {
      append: async (...args) => (appends++ === 0 ? store.sequence.append(...args) : Promise.reject(broken())),
      raiseSigned: async (...args) => {
        if (when === 'floor' && args[0].size > 0) await slow.pass();
        return store.sequence.raiseSigned(...args);
      },
    });
    const { log, deps } = await testLog({ store });
    await log.close({ timeoutMs: 1000 });
    const [own] = deps.signers;
    if (own === undefined) throw new Error('no signer');
    const signer = changed(own, {
      sign: async (text) => {
        signatures += 1;
        if (when === 'signature') await slow.pass();
        return own.sign(text);
      },
    });
    const second = await testLog({ store, changed: { sequence, signers: [signer] } });
    const first = expect(second.log.add(entry(0))).rejects.toMatchObject({ code: 'outcome-unknown' });
    await slow.reached;
    await expect(second.log.add(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
    await first;
    slow.open();
    await pause();
    expect(second.log.published().tree.size).toBe(0);
    expect(store.state.replacements).toBe(1);
    expect(signatures).toBe(when === 'signature' ? 1 : 0);
    await second.log.close({ timeoutMs: 100 });
  },
);

test('one failed look at other replicas fails nobody', async () => {
  const store = testStore();
  let timeouts = 0;
  let failing = false;
  const sequence = changed(store.sequence, {
    head: () => {
      if (!failing) return store.sequence.head();
      timeouts += 1;
      return Promise.reject(new Error('timeout'));
    },
  });
  const { log } = await testLog({ store, changed: { sequence } });
  const other = await testLog({ store: testStore(store.state) });
  failing = true;
  for (let i = 0; i < 10; i++) await other.log.add(entry(i));
  await until(() => timeouts > 0);
  failing = false;
  expect((await log.add(entry('ours'))).index).toBe(10);
  await log.close({ timeoutMs: 1000 });
  await other.log.close({ timeoutMs: 1000 });
});

test('hints that break off are listened to again', async () => {
  const store = testStore();
  let rounds = 0;
  const sequence = changed(store.sequence, {
    changes: async function* (signal: AbortSignal) {
      if (rounds++ === 0) throw new Error('connection lost');
      yield* store.sequence.changes(signal);
    },
  });
  const { log } = await testLog({ store, changed: { sequence } });
  const other = await testLog({ store: testStore(store.state) });
  await until(() => rounds === 2);
  await other.log.add(entry(0));
  await until(() => log.published().tree.size === 1);
  await log.close({ timeoutMs: 1000 });
  await other.log.close({ timeoutMs: 1000 });
});

test('sequenced copies that cannot be removed hold nobody up', async () => {
  const store = testStore();
  const sequence = changed(store.sequence, { release: () => Promise.reject(new Error('EACCES')) });
  const { log, deps } = await testLog({ store, changed: { sequence } });
  expect((await log.add(entry(0))).index).toBe(0);
  expect((await log.add(entry(1))).index).toBe(1);
  expect(log.status().unready).toBeUndefined();
  expect(deps.events.seen).toContainEqual(expect.objectContaining({ type: 'stalled', stage: 'collect' }));
  await log.close({ timeoutMs: 1000 });
});

test('a dedupe index that cannot be written closes intake only when it is too far behind', async () => {
  const store = testStore();
  let broken = true;
  const dedupe = changed(store.dedupe, {
    add: (...args) => (broken ? Promise.reject(new Error('disk')) : store.dedupe.add(...args)),
  });
  const limits = { dedupe: { maxLag: 3, batch: 100, intervalMs: 1, recent: 10 } };
  const { log } = await testLog({ store, changed: { dedupe }, limits });
  for (let i = 0; i < 4; i++) {
    expect((await log.add(entry(i))).index).toBe(i);
    await pause(5);
  }
  expect((await log.add(entry(1))).duplicate).toBe(true);
  await expect(log.add(entry(4))).rejects.toMatchObject({ code: 'pushback', reason: 'dedupe' });
  expect(log.status().unready).toContain('dedupe');
  broken = false;
  await until(() => log.status().unready === undefined);
  expect((await log.add(entry(4))).index).toBe(4);
  await log.close({ timeoutMs: 1000 });
});

test('a log whose append hangs says that it is late, and lets nobody else wait for it', async () => {
  const store = testStore();
  const slow = door();
  const sequence = changed(store.sequence, {
    append: async (...args) => {
      await slow.pass();
      return store.sequence.append(...args);
    },
  });
  const { log } = await testLog({ store, changed: { sequence }, limits: { lateAfterMs: 10 } });
  expect(log.status().unready).toBeUndefined();
  const receipt = log.add(entry(0));
  await pause(30);
  expect(log.status().unready).toContain('no checkpoint');
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'pushback', reason: 'integration' });
  slow.open();
  await receipt;
  expect(log.status().unready).toBeUndefined();
  expect((await log.add(entry(1))).index).toBe(1);
  await log.close({ timeoutMs: 1000 });
});
