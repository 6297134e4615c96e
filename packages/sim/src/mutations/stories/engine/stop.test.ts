import { LogError } from '@tilewright/log';
import type { SequenceStore } from '@tilewright/log/ports';
import { openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { logSigner } from '../../../world/log-key.ts';
import { entry, openOn, storeWith } from './scene.ts';

/** Long enough for whatever would still happen. */
const after = (): Promise<void> => new Promise((done) => setTimeout(done, 30));

test('a log that was closed in the middle of raising the floor signs nothing', async () => {
  const store = await storeWith(0);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let signed = 0;
  const raiseSigned: SequenceStore['raiseSigned'] = async (...all) => {
    reached.resolve();
    await held.promise;
    return store.sequence.raiseSigned(...all);
  };
  const signers = [logSigner(() => void signed++)];
  const log = await openOn(store, { sequence: { ...store.sequence, raiseSigned }, signers });
  const answer = log.add(entry(1)).catch((error: unknown) => error);
  await reached.promise;
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  held.resolve();
  await after();
  expect(signed).toBe(0);
  expect(await answer).toMatchObject({ code: 'outcome-unknown' });
});

test('a log that was closed in the middle of signing publishes nothing', async () => {
  const store = await storeWith(0);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const signer = logSigner(() => {});
  const sign = async (text: Uint8Array): Promise<Uint8Array> => {
    reached.resolve();
    await held.promise;
    return signer.sign(text);
  };
  const log = await openOn(store, { signers: [{ ...signer, sign }] });
  const before = store.state.checkpoint?.version;
  void log.add(entry(1)).catch(() => undefined);
  await reached.promise;
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  held.resolve();
  await after();
  expect(store.state.checkpoint?.version).toBe(before);
});

test('a log that was closed while it waited for its slot raises no floor', async () => {
  const store = await storeWith(0);
  const reached = Promise.withResolvers<void>();
  let asked = 0;
  const raiseSigned: SequenceStore['raiseSigned'] = async () => {
    asked += 1;
    reached.resolve();
    return { waitMs: 60_000 };
  };
  const log = await openOn(store, { sequence: { ...store.sequence, raiseSigned } });
  void log.add(entry(1)).catch(() => undefined);
  await reached.promise;
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  await after();
  expect(asked).toBe(1);
});

test('a floor above the tree that nobody moved is a fork, and the end', async () => {
  const store = await storeWith(0);
  const raiseSigned = (): Promise<never> => Promise.reject(new LogError('fork', 'a larger tree was signed'));
  const log = await openOn(store, { sequence: { ...store.sequence, raiseSigned } });
  void log.add(entry(1)).catch(() => undefined);
  const late = new Promise((done) => setTimeout(done, 2_000, 'goes on'));
  expect(await Promise.race([log.failed, late])).toMatchObject({ code: 'fork' });
});

test('a checkpoint that is gone is not made anew', async () => {
  const store = await storeWith(2);
  const log = await openOn(store);
  store.state.checkpoint = undefined;
  void log.add(entry(5)).catch(() => undefined);
  expect(await log.failed).toMatchObject({ code: 'half-log' });
  expect(store.state.checkpoint).toBeUndefined();
});

test.each(['beyond this log', 'with another root'])(
  'a checkpoint %s is no part of the tree: nothing is signed over it',
  async (how) => {
    const store = await storeWith(2);
    const other = await storeWith(0);
    const making = await openOn(other);
    for (let i = 0; i < (how === 'with another root' ? 1 : 6); i++) await making.add(entry(10 + i));
    let signed = 0;
    const log = await openOn(store, { signers: [logSigner(() => void signed++)] });
    store.state.checkpoint = other.state.checkpoint;
    void log.add(entry(5)).catch(() => undefined);
    const message = how === 'with another root' ? /another root/ : /the state is an old copy/;
    expect(await log.failed).toMatchObject({ code: 'fork', message: expect.stringMatching(message) });
    expect([signed, store.state.checkpoint]).toEqual([0, other.state.checkpoint]);
  },
);

test('who lost the replacement to a larger tree takes that one over', async () => {
  const store = await storeWith(0);
  const other = await openOn(openMemoryStore({ state: store.state }));
  let first = true;
  const replace: typeof store.checkpoints.replace = async (...all) => {
    if (first) {
      first = false;
      await other.add(entry(2));
    }
    return store.checkpoints.replace(...all);
  };
  const log = await openOn(store, { checkpoints: { ...store.checkpoints, replace } });
  const late = new Promise((done) => setTimeout(done, 3_000, 'waits'));
  expect(await Promise.race([log.add(entry(1)), late])).toMatchObject({ index: 0, publication: { tree: { size: 2 } } });
});

test('who lost the replacement to another version looks at what is stored, and tries on that', async () => {
  const store = await storeWith(0);
  let first = true;
  const replace: typeof store.checkpoints.replace = async (...all) => {
    const stored = store.state.checkpoint;
    if (first && stored !== undefined)
      store.state.checkpoint = { ...stored, version: 'moved' as typeof stored.version };
    first = false;
    // Whoever tries for ever leaves others their turn.
    await new Promise((done) => setImmediate(done));
    return store.checkpoints.replace(...all);
  };
  const log = await openOn(store, { checkpoints: { ...store.checkpoints, replace } });
  const late = new Promise((done) => setTimeout(done, 3_000, 'waits'));
  expect(await Promise.race([log.add(entry(1)), late])).toMatchObject({ index: 0 });
  await log.close({ timeoutMs: 1_000 });
});
