import { asTreeSize } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { CommittedTree, SequenceStore, Token } from '@tilewright/log/ports';
import { openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { logSigner } from '../../../world/log-key.ts';
import { entry, openOn, storeWith } from './scene.ts';

const never = (): Promise<never> => new Promise<never>(() => {});

async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; !done(); tries++) {
    if (tries > 500) throw new Error('it never happens');
    await new Promise((later) => setTimeout(later, 4));
  }
}

test('a log that is still being recovered takes nothing in, though it serves already', async () => {
  const store = await storeWith(2);
  const token = new Uint8Array(16).fill(9) as Uint8Array as Token;
  await store.sequence.append([entry(2).data], token, new AbortController().signal);
  let full = true;
  const create: typeof store.objects.create = async (path, bytes) => {
    if (full) throw new LogError('storage-full', 'there is no room');
    return store.objects.create(path, bytes);
  };
  const log = await openOn(store, { objects: { ...store.objects, create }, dedupe: { ...store.dedupe, add: never } });
  full = false;
  await until(() => log.status().published === 3 && log.status().stalled === undefined);
  const taken = await Promise.race([
    log.add(entry(5)).catch((error: unknown) => error),
    new Promise((done) => setTimeout(done, 50, 'waits')),
  ]);
  expect(taken).toMatchObject({ code: 'pushback', reason: 'storage' });
});

test('whoever waits for an old entry to be published is told when the log stops', async () => {
  const store = openMemoryStore();
  const first = await openOn(store);
  const late = openMemoryStore({ state: store.state });
  const failing: SequenceStore = {
    ...late.sequence,
    pending: () => Promise.reject(new LogError('storage-failed', 'broken')),
    changes: async function* () {},
  };
  const second = await openOn(late, { sequence: failing });
  await first.add(entry(1));
  await until(() => store.state.covered === 1);
  await expect(second.add(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
});

test('a log whose state went back stops', async () => {
  const store = await storeWith(4);
  const old = await storeWith(2);
  const log = await openOn(store);
  store.state.tree = old.state.tree as CommittedTree;
  store.state.batches = [];
  const answer = log.add(entry(9)).catch((error: unknown) => error);
  expect(await Promise.race([log.failed, new Promise((done) => setTimeout(done, 2_000, 'goes on'))])).toMatchObject({
    code: 'fork',
    message: expect.stringMatching(/the log's state had 4 entries/),
  });
  expect(await answer).toMatchObject({ code: 'outcome-unknown' });
  expect(store.state.signed.size).toBe(asTreeSize(4));
});

test('an old copy that has grown beyond what the log knows is no progress', async () => {
  const store = await storeWith(4);
  const log = await openOn(store);
  const other = await storeWith(2);
  const elsewhere = await openOn(other);
  for (let i = 0; i < 4; i++) await elsewhere.add(entry(50 + i));
  await elsewhere.close({ timeoutMs: 5_000 });
  const { tree, signed, next, batches, objects } = other.state;
  Object.assign(store.state, { tree, signed, next, batches });
  for (const [path, bytes] of objects) store.state.objects.set(path, bytes);
  void log.add(entry(9)).catch(() => undefined);
  const late = new Promise((done) => setTimeout(done, 2_000, 'goes on'));
  expect(await Promise.race([log.failed, late])).toMatchObject({ code: 'fork' });
  expect(store.state.signed.size).toBe(6);
});

test('a log that closes publishes what it has taken in, and lets the stores go only then', async () => {
  const store = await storeWith(0);
  const told: string[] = [];
  const sequence: SequenceStore = {
    ...store.sequence,
    append: async (...all) => {
      await new Promise((later) => setTimeout(later, 30));
      return store.sequence.append(...all);
    },
    close: async () => void told.push('closed'),
  };
  const log = await openOn(store, { sequence });
  const answers = [1, 2].map(async (n) => {
    await new Promise((later) => setTimeout(later, 5 * n));
    await log.add(entry(n)).then(
      () => told.push('answered'),
      (error: LogError) => told.push(error.code),
    );
  });
  await new Promise((later) => setTimeout(later, 20));
  expect(await log.close({ timeoutMs: 5_000 })).toBe('settled');
  await Promise.all(answers);
  expect(told).toEqual(['answered', 'answered', 'closed']);
});

test('an append whose outcome stays unknown ends with the log', async () => {
  const store = await storeWith(0);
  const append = (): Promise<never> => Promise.reject(new LogError('outcome-unknown', 'the connection broke'));
  const log = await openOn(store, { sequence: { ...store.sequence, append } });
  const answer = log.add(entry(1)).catch((error: unknown) => error);
  expect(await log.close({ timeoutMs: 50 })).toBe('timed-out');
  expect(await answer).toMatchObject({ code: 'outcome-unknown' });
});

test('a refusal says nothing of an append before it whose outcome is unknown', async () => {
  const store = await storeWith(0);
  const outcomes = ['outcome-unknown', 'pushback', 'storage-full'] as const;
  let calls = 0;
  const append: SequenceStore['append'] = async (...all) => {
    const first = await store.sequence.append(...all);
    const code = outcomes[calls++];
    if (code !== undefined) throw new LogError(code, 'the connection broke');
    return first;
  };
  const log = await openOn(store, { sequence: { ...store.sequence, append } });
  expect(await log.add(entry(1))).toMatchObject({ index: 0 });
  expect(store.state.next).toBe(1);
});

/** What becomes of the answer, or that it waits. */
const soon = (answer: Promise<unknown>): Promise<unknown> =>
  Promise.race([answer.catch((error: unknown) => error), new Promise((done) => setTimeout(done, 500, 'waits'))]);

test('while a tile finds no room nothing more is taken in', async () => {
  const store = await storeWith(0);
  const create = (): Promise<never> => Promise.reject(new LogError('storage-full', 'there is no room'));
  const log = await openOn(store, { objects: { ...store.objects, create } });
  void log.add(entry(1)).catch(() => undefined);
  await until(() => log.status().stalled === 'integrate');
  expect(await soon(log.add(entry(2)))).toMatchObject({ code: 'pushback', reason: 'storage' });
  expect(store.state.next).toBe(1);
});

test('an entry that was turned away counts against no limit', async () => {
  const store = await storeWith(0);
  let refusing = true;
  const append: SequenceStore['append'] = async (...all) => {
    if (refusing) throw new LogError('pushback', 'too much', { reason: 'queue' });
    return store.sequence.append(...all);
  };
  const log = await openOn(store, { sequence: { ...store.sequence, append } });
  for (let i = 0; i < 6; i++)
    expect(await soon(log.add(entry(i)))).toMatchObject({ code: 'pushback', reason: 'queue' });
  refusing = false;
  expect(log.status().entries).toBe(0);
  expect(await soon(log.add(entry(9)))).toMatchObject({ index: 0 });
});

test('a log that stopped, and one that is closing, say so at once', async () => {
  const broken = await storeWith(0);
  const append = (): Promise<never> => Promise.reject(new LogError('storage-failed', 'broken'));
  const stopped = await openOn(broken, { sequence: { ...broken.sequence, append } });
  expect(await soon(stopped.add(entry(1)))).toMatchObject({ code: 'outcome-unknown' });
  expect(await soon(stopped.add(entry(2)))).toMatchObject({ code: 'storage-failed' });
  const store = await storeWith(0);
  const closing = await openOn(store, { sequence: { ...store.sequence, append: never } });
  void closing.add(entry(1)).catch(() => undefined);
  const closed = closing.close({ timeoutMs: 50 });
  expect(await soon(closing.add(entry(2)))).toMatchObject({ code: 'closing' });
  await closed;
});

test('a signer that fails holds publication up, is asked again, and nobody is told that the entry is lost', async () => {
  const store = await storeWith(2);
  const signer = logSigner(() => {});
  let down = true;
  const sign = (text: Uint8Array): Promise<Uint8Array> =>
    down ? Promise.reject(new Error('the service is out of reach')) : signer.sign(text);
  const log = await openOn(store, { signers: [{ ...signer, sign }] });
  const before = store.state.checkpoint?.version;
  const answer = log.add(entry(5));
  await until(() => log.status().stalled === 'publish');
  expect(log.status().unready).toContain('the service is out of reach');
  await expect(log.add(entry(6))).rejects.toMatchObject({ code: 'pushback' });
  expect(store.state.checkpoint?.version).toBe(before);
  down = false;
  expect(await answer).toMatchObject({ index: 2 });
  await log.close({ timeoutMs: 1_000 });
});
