import { openCheckpoint } from '@tilewright/core/checkpoint';
import { verifyInclusion } from '@tilewright/core/merkle';
import type { Log, LogDeps, Receipt } from '@tilewright/log';
import { realClock } from '@tilewright/log/testing';
import { expect, test } from 'vitest';
import { emptyMemoryState, type MemoryState } from '../memory-state.ts';
import { openMemoryStore } from '../open-memory-store.ts';
import { changed, door, entry, ORIGIN, pause, signer, testLog, until, verifier, visible } from './test-log.ts';

const SLOT_MS = 600;

/** A replica on a medium that takes a checkpoint every 600 ms, and answers when a tree is signed. */
function open(state: MemoryState, parts: Partial<LogDeps> = {}) {
  const store = openMemoryStore({ state, clock: realClock(), minIntervalMs: SLOT_MS });
  return testLog({
    store,
    changed: { signedCheckpoints: store.signedCheckpoints, ...parts },
    limits: { answerAt: 'signed', answerIntervalMs: 10, publishIntervalMs: SLOT_MS },
  });
}

function verify({ index, publication, proof }: Receipt, added: ReturnType<typeof entry>): number {
  const { size, root } = openCheckpoint(publication.note, ORIGIN, verifier);
  expect(publication.tree).toMatchObject({ size, root });
  verifyInclusion(added.leafHash, index, publication.tree, proof ?? []);
  return size;
}

const published = (log: Log): number => log.published().tree.size;

test('an entry is answered before its tree is published, with a kept note and a proof', async () => {
  const state = emptyMemoryState();
  const { log, store, deps } = await open(state);
  await log.add(entry('takes the slot'));
  await until(() => published(log) === 1);
  const at = performance.now();
  const receipts: Receipt[] = [];
  for (let i = 0; i < 5; i++) receipts.push(await log.add(entry(i)));
  expect(performance.now() - at).toBeLessThan(SLOT_MS - 100);
  expect(published(log)).toBe(1);
  expect(receipts.map((receipt, i) => verify(receipt, entry(i)))).toEqual([2, 3, 4, 5, 6]);
  for (const { publication } of receipts) expect(state.kept.get(publication.tree.size)).toEqual(publication.note);
  expect(state.signed.size).toBe(6);
  expect((await visible(store)).size).toBe(1);
  await until(() => published(log) === 6);
  expect(performance.now() - at).toBeLessThan(2 * SLOT_MS);
  expect((await visible(store)).size).toBe(6);
  expect(deps.events.seen.filter(({ type }) => type === 'published').length).toBeLessThanOrEqual(3);
  await log.close({ timeoutMs: 5_000 });
});

test('no more trees are signed than one an interval, and none while nobody waits', async () => {
  const state = emptyMemoryState();
  const { log } = await open(state);
  const at = performance.now();
  for (let round = 0; round < 30; round++) {
    await Promise.all([0, 1, 2].map((n) => log.add(entry(`${round} ${n}`))));
  }
  expect(state.kept.size).toBeLessThanOrEqual(1 + (performance.now() - at) / 10);
  await until(() => published(log) === 90);
  const kept = state.kept.size;
  await pause(100);
  expect(state.kept.size).toBe(kept);
  await log.close({ timeoutMs: 5_000 });
});

test('under load publication keeps its pace: signing ahead takes no slot', async () => {
  const state = emptyMemoryState();
  const { log, deps } = await open(state);
  const until = performance.now() + 4 * SLOT_MS;
  for (let i = 0; performance.now() < until; i++) await log.add(entry(i));
  const ends = deps.events.seen.filter(({ type }) => type === 'published').length;
  expect(ends).toBeGreaterThanOrEqual(3);
  expect(ends).toBeLessThanOrEqual(5);
  expect(state.kept.size).toBeGreaterThan(3 * ends);
  expect(log.status().unready).toBeUndefined();
  await log.close({ timeoutMs: 5_000 });
  expect(published(log)).toBe(state.next);
});

test('a duplicate of what is signed and not published is answered as a fresh entry is, and can be proved', async () => {
  const { log } = await open(emptyMemoryState());
  await log.add(entry('takes the slot'));
  await until(() => published(log) === 1);
  const first = await log.add(entry('twice'));
  const second = await log.add(entry('twice'));
  expect(published(log)).toBe(1);
  expect([second.index, second.duplicate]).toEqual([first.index, true]);
  const { publication, proof } = await log.prove(first.index);
  expect(verify({ ...first, publication, proof }, entry('twice'))).toBe(2);
  await expect(log.prove(2)).rejects.toMatchObject({ code: 'not-found' });
  await log.close({ timeoutMs: 5_000 });
});

test('the note that was kept first is answered with, once it is verified', async () => {
  const state = emptyMemoryState();
  const second = { ...signer, keyId: signer.keyId + 1 };
  const other = await open(state, { signers: [signer, second] });
  await other.log.add(entry('takes the slot'));
  const { publication } = await other.log.add(entry(1));
  await other.log.close({ timeoutMs: 5_000 });
  // As after a crash between the two: what was kept is there, and the tree is signed once more.
  const kept = { keep: async () => publication.note.slice() };
  const again = emptyMemoryState();
  const { log } = await open(again, { signedCheckpoints: kept });
  await log.add(entry('takes the slot')).catch(() => undefined);
  expect(log.status().unready).toContain('of another tree of 2 entries');
  const { log: third } = await open(emptyMemoryState(), { signedCheckpoints: kept });
  const both = await Promise.all([third.add(entry('takes the slot')), third.add(entry(1))]);
  for (const receipt of both) expect(receipt.publication.note).toEqual(publication.note);
  await until(() => published(third) === 2);
  await third.close({ timeoutMs: 5_000 });
});

test.each([
  ['garbage', new TextEncoder().encode('garbage'), 'identity-mismatch'],
  ['nothing', new Uint8Array(0), 'identity-mismatch'],
])('a kept note that is %s stops the log, and nobody is answered', async (_, note, code) => {
  const { log } = await open(emptyMemoryState(), { signedCheckpoints: { keep: async () => note } });
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe(code);
  await log.close({ timeoutMs: 1_000 });
});

test('a log whose published checkpoint is late turns unready, answers nobody ahead, and comes back', async () => {
  const state = emptyMemoryState();
  const store = openMemoryStore({ state, clock: realClock(), minIntervalMs: SLOT_MS });
  const hold = door();
  let isHeld = false;
  const checkpoints = changed(store.checkpoints, {
    replace: async (note, expected) => {
      if (isHeld) await hold.pass();
      return store.checkpoints.replace(note, expected);
    },
  });
  const { log } = await open(state, { checkpoints });
  await log.add(entry('takes the slot'));
  await until(() => published(log) === 1);
  isHeld = true;
  await log.add(entry(1));
  expect(log.status().unready).toBeUndefined();
  await hold.reached;
  await pause(2 * SLOT_MS);
  expect(log.status().unready).toContain('that covers what was answered');
  await expect(log.add(entry(2))).rejects.toMatchObject({ code: 'pushback', reason: 'integration' });
  hold.open();
  await until(() => published(log) === 2);
  expect(log.status().unready).toBeUndefined();
  await log.add(entry(3));
  await log.close({ timeoutMs: 5_000 });
  expect((await visible(store)).size).toBe(3);
});

test('two replicas answer their own, agree, and publish for each other', async () => {
  const state = emptyMemoryState();
  const [one, two] = [await open(state), await open(state)];
  const until = performance.now() + 3 * SLOT_MS;
  const write = async (log: Log, name: string): Promise<Receipt[]> => {
    const receipts: Receipt[] = [];
    for (let i = 0; performance.now() < until; i++) {
      const added = entry(`${name} ${i}`);
      receipts.push(await log.add(added));
      verify(receipts.at(-1) as Receipt, added);
    }
    return receipts;
  };
  const [ofOne, ofTwo] = await Promise.all([write(one.log, 'one'), write(two.log, 'two')]);
  expect([one.log.status().unready, two.log.status().unready]).toEqual([undefined, undefined]);
  expect(Math.min(ofOne.length, ofTwo.length)).toBeGreaterThan(10);
  expect(new Set([...ofOne, ...ofTwo].map(({ index }) => index)).size).toBe(state.next);
  await Promise.all([one, two].map(({ log }) => log.close({ timeoutMs: 5_000 })));
  expect((await visible(one.store)).size).toBe(state.next);
});

test('closing publishes what was answered ahead', async () => {
  const state = emptyMemoryState();
  const { log, store } = await open(state);
  await log.add(entry('takes the slot'));
  await log.add(entry(1));
  expect(await log.close({ timeoutMs: 5_000 })).toBe('settled');
  expect((await visible(store)).size).toBe(2);
});

test('a log that is frozen meanwhile answers what it took, and ends with all of it', async () => {
  const state = emptyMemoryState();
  const { log, store } = await open(state);
  await log.add(entry('takes the slot'));
  const added = log.add(entry(1));
  await until(() => state.next === 2);
  const [receipt, end] = await Promise.all([added, log.freeze()]);
  expect(receipt.index).toBe(1);
  expect(end.publication.tree.size).toBe(2);
  await expect(log.add(entry(2))).rejects.toMatchObject({ code: 'frozen' });
  expect(Math.max(...state.kept.keys())).toBeLessThanOrEqual(2);
  await log.close({ timeoutMs: 5_000 });
  expect((await visible(store)).size).toBe(2);
});

test('is refused with nowhere to keep notes, and with witnesses that have to cosign', async () => {
  await expect(open(emptyMemoryState(), { signedCheckpoints: undefined })).rejects.toThrow(RangeError);
  const witnesses = {
    failClosed: true,
    isEnough: () => true,
    cosign: () => Promise.reject(new Error('nobody is asked')),
  };
  await expect(open(emptyMemoryState(), { witnesses })).rejects.toThrow(RangeError);
});
