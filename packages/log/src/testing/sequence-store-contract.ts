import assert from 'node:assert/strict';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { EMPTY_ROOT, sha256 } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { hasCode } from '../log-error.ts';
import type { SequenceStore, Token } from '../ports/index.ts';
import { type ContractSubject, type ContractTest, withSubject } from './contract-case.ts';
import { realClock } from './real-world.ts';

const never = new AbortController().signal;
const rootOf = (size: number): Hash => (size === 0 ? EMPTY_ROOT : sha256(new TextEncoder().encode(`root at ${size}`)));
const tree = (size: number): Tree => ({ size: asTreeSize(size), root: rootOf(size) });
const token = (n: number): Token => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes as Uint8Array as Token;
};
const entries = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => new TextEncoder().encode(`entry ${from + i}`));
const ALL = { entries: 1_000_000, bytes: 1_000_000_000 };
const FROZEN_AT = 1_787_296_857_123;

async function pendingTexts(store: SequenceStore, max = ALL): Promise<string[]> {
  const { tree: from, batches } = await store.pending(max);
  let next: number = from.size;
  const texts: string[] = [];
  for (const batch of batches) {
    assert.equal(batch.first, next, 'batches are contiguous from the tree');
    assert.ok(batch.entries.length > 0);
    next += batch.entries.length;
    texts.push(...batch.entries.map((entry) => new TextDecoder().decode(entry)));
  }
  return texts;
}

const texts = (from: number, to: number): string[] => entries(from, to).map((entry) => new TextDecoder().decode(entry));

/** What every {@link SequenceStore} MUST do. `make` lends the store of a new log, fresh for each case. */
export function sequenceStoreContract(test: ContractTest, make: () => Promise<ContractSubject<SequenceStore>>): void {
  const check = (name: string, body: (store: SequenceStore) => Promise<void>): void =>
    test(`sequence: ${name}`, () => withSubject(make, ({ store }) => body(store)));

  check('a new log is empty', async (store) => {
    const head = await store.head();
    assert.deepEqual([head.tree.size, head.next, head.signed.size, head.collected], [0, 0, 0, 0]);
    assert.deepEqual(Uint8Array.from(head.tree.root), Uint8Array.from(EMPTY_ROOT));
    assert.deepEqual(Uint8Array.from(head.signed.root), Uint8Array.from(EMPTY_ROOT));
    assert.equal(head.frozenAtMs, undefined);
    assert.deepEqual(await pendingTexts(store), []);
    assert.equal(await store.room(), true);
  });

  check('indexes are consecutive', async (store) => {
    assert.equal(await store.append(entries(0, 3), token(1), never), 0);
    assert.equal(await store.append(entries(3, 4), token(2), never), 3);
    assert.equal((await store.head()).next, 4);
    assert.deepEqual(await pendingTexts(store), texts(0, 4));
  });

  check('appends at the same time get distinct, contiguous indexes', async (store) => {
    const firsts = await Promise.all([1, 2, 3, 4, 5].map((n) => store.append(entries(0, n), token(n), never)));
    const ranges = firsts.map((first, at) => [first, first + at + 1] as const).sort((a, b) => a[0] - b[0]);
    let next = 0;
    for (const [from, to] of ranges) {
      assert.equal(from, next);
      next = to;
    }
    assert.equal(next, 15);
  });

  check('the same token gives the same index', async (store) => {
    assert.equal(await store.append(entries(0, 3), token(1), never), 0);
    assert.equal(await store.append(entries(3, 5), token(2), never), 3);
    assert.equal(await store.append(entries(0, 3), token(1), never), 0);
    const both = await Promise.all([0, 1].map(() => store.append(entries(5, 7), token(3), never)));
    assert.deepEqual(both, [5, 5]);
    assert.equal((await store.head()).next, 7);
  });

  check('empty entries and long ones keep their bytes', async (store) => {
    const long = new Uint8Array(65_535).fill(7);
    await store.append([new Uint8Array(0), long, new Uint8Array(0)], token(1), never);
    const { batches } = await store.pending(ALL);
    const found = batches.flatMap((batch) => batch.entries);
    assert.deepEqual(
      found.map((entry) => entry.length),
      [0, 65_535, 0],
    );
    assert.deepEqual(Uint8Array.from(found[1] ?? []), long);
  });

  check('pending keeps to its bounds, but always gives something', async (store) => {
    for (let n = 0; n < 5; n++) await store.append(entries(n * 2, n * 2 + 2), token(n), never);
    assert.deepEqual((await pendingTexts(store, { entries: 5, bytes: 1_000_000 })).length <= 5, true);
    assert.deepEqual((await pendingTexts(store, { entries: 1_000, bytes: 40 })).length < 10, true);
    assert.ok((await pendingTexts(store, { entries: 1, bytes: 1 })).length > 0);
  });

  check('the tree advances by compare-and-set', async (store) => {
    await store.append(entries(0, 4), token(1), never);
    const { tree: zero } = await store.head();
    const two = await store.advance(zero, tree(2));
    assert.notEqual(two, 'lost');
    assert.equal(await store.advance(zero, tree(3)), 'lost');
    const head = await store.head();
    assert.deepEqual([head.tree.size, head.next], [2, 4]);
    assert.deepEqual(Uint8Array.from(head.tree.root), Uint8Array.from(rootOf(2)));
    assert.deepEqual(await pendingTexts(store), texts(2, 4));
    const four = await store.advance(head.tree, tree(4));
    assert.equal(four === 'lost' ? four : four.size, 4);
    assert.deepEqual(await pendingTexts(store), []);
  });

  check('the tree never holds what was not sequenced', async (store) => {
    await store.append(entries(0, 1), token(1), never);
    const { tree: zero } = await store.head();
    await assert.rejects(store.advance(zero, tree(2)));
    assert.equal((await store.head()).tree.size, 0);
  });

  check('the signed floor rises only', async (store) => {
    await store.append(entries(0, 4), token(1), never);
    const { tree: zero } = await store.head();
    assert.equal(await store.raiseSigned(zero, 0), 'raised');
    const two = await store.advance(zero, tree(2));
    assert.ok(two !== 'lost');
    assert.equal(await store.raiseSigned(two, 0), 'raised');
    assert.equal(await store.raiseSigned(two, 0), 'raised');
    await assert.rejects(store.raiseSigned(zero, 0), (error) => hasCode(error, 'fork'));
    const head = await store.head();
    assert.equal(head.signed.size, 2);
    assert.deepEqual(Uint8Array.from(head.signed.root), Uint8Array.from(rootOf(2)));
  });

  check('two raises keep the pause that is asked for', async (store) => {
    const { tree: zero } = await store.head();
    assert.equal(await store.raiseSigned(zero, 0), 'raised');
    const answer = await store.raiseSigned(zero, 3_600_000);
    assert.ok(answer !== 'raised' && answer.waitMs > 0 && answer.waitMs <= 3_600_000);
  });

  check('a raise ahead of publication keeps no pause, and takes no slot', async (store) => {
    await store.append(entries(0, 4), token(1), never);
    const { tree: zero } = await store.head();
    assert.equal(await store.raiseSigned(zero, 0), 'raised');
    const one = await store.advance(zero, tree(1));
    assert.ok(one !== 'lost');
    for (const time of ['first', 'second']) {
      const answer = await store.raiseSigned(one, 3_600_000, true);
      assert.ok(answer !== 'raised' && answer.waitMs > 0 && answer.waitMs <= 3_600_000, `the ${time} time`);
    }
    assert.equal((await store.head()).signed.size, 1);
    assert.equal(await store.raiseSigned(one, 0), 'raised', 'the slot is free');
    await assert.rejects(store.raiseSigned(zero, 3_600_000, true), (error) => hasCode(error, 'fork'));
  });

  check('a raise ahead of publication puts no publication off', async (store) => {
    await store.append(entries(0, 4), token(1), never);
    const { tree: zero } = await store.head();
    assert.equal(await store.raiseSigned(zero, 0), 'raised');
    const one = await store.advance(zero, tree(1));
    assert.ok(one !== 'lost');
    await realClock().sleep(50, never);
    const before = await store.raiseSigned(one, 3_600_000, true);
    const after = await store.raiseSigned(one, 3_600_000, true);
    assert.ok(before !== 'raised' && after !== 'raised' && after.waitMs <= before.waitMs);
  });

  check('a raise ahead of publication takes the slot where it is free', async (store) => {
    await store.append(entries(0, 4), token(1), never);
    const { tree: zero } = await store.head();
    const one = await store.advance(zero, tree(1));
    assert.ok(one !== 'lost');
    assert.equal(await store.raiseSigned(one, 0, true), 'raised');
    const next = await store.raiseSigned(one, 3_600_000);
    assert.ok(next !== 'raised' && next.waitMs > 0);
  });

  check('released entries may go, later ones stay', async (store) => {
    await store.append(entries(0, 4), token(1), never);
    const { tree: zero } = await store.head();
    await store.advance(zero, tree(2));
    await store.release(asTreeSize(2));
    await store.release(asTreeSize(2));
    assert.deepEqual(await pendingTexts(store), texts(2, 4));
    assert.equal(await store.append(entries(4, 5), token(2), never), 4);
  });

  check('the collection cursor moves by compare-and-set', async (store) => {
    assert.equal(await store.collect(asTreeSize(0), asTreeSize(256)), true);
    assert.equal(await store.collect(asTreeSize(0), asTreeSize(512)), false);
    assert.equal(await store.collect(asTreeSize(256), asTreeSize(512)), true);
    assert.equal((await store.head()).collected, 512);
  });

  check('a frozen log takes nothing more, and keeps what it has', async (store) => {
    await store.append(entries(0, 3), token(1), never);
    assert.equal(await store.freeze(FROZEN_AT), 3);
    await assert.rejects(store.append(entries(3, 4), token(2), never), (error) => hasCode(error, 'frozen'));
    const head = await store.head();
    assert.deepEqual([head.next, head.frozenAtMs], [3, FROZEN_AT]);
    assert.deepEqual(await pendingTexts(store), texts(0, 3));
    assert.notEqual(await store.advance(head.tree, tree(3)), 'lost');
  });

  check('the first freeze says when, whatever later ones say', async (store) => {
    assert.equal(await store.freeze(FROZEN_AT), 0);
    assert.deepEqual(await Promise.all([store.freeze(FROZEN_AT + 1), store.freeze(0)]), [0, 0]);
    assert.equal((await store.head()).frozenAtMs, FROZEN_AT);
  });

  check('a log that was frozen at time 0 is frozen', async (store) => {
    assert.equal(await store.freeze(0), 0);
    assert.equal(await store.freeze(FROZEN_AT), 0);
    assert.equal((await store.head()).frozenAtMs, 0);
    await assert.rejects(store.append(entries(0, 1), token(1), never), (error) => hasCode(error, 'frozen'));
  });

  check('freezing is serialised with appends', async (store) => {
    const settled = await Promise.allSettled([
      store.append(entries(0, 2), token(1), never),
      store.freeze(FROZEN_AT),
      store.append(entries(2, 4), token(2), never),
    ]);
    const accepted = [settled[0], settled[2]].filter((one) => one?.status === 'fulfilled').length;
    const [, frozen] = settled;
    assert.equal(frozen.status === 'fulfilled' ? frozen.value : -1, accepted * 2);
    assert.equal((await store.head()).next, accepted * 2);
  });

  check('an append whose signal has fired stores nothing', async (store) => {
    const gone = new AbortController();
    gone.abort();
    await assert.rejects(store.append(entries(0, 1), token(1), gone.signal));
    assert.equal((await store.head()).next, 0);
  });

  check('changes ends when its signal fires', async (store) => {
    const stop = new AbortController();
    const done = (async () => {
      for await (const _ of store.changes(stop.signal)) assert.equal((await store.head()).next, 0);
    })();
    stop.abort();
    await done;
  });

  test('sequence: everything survives a restart', () =>
    withSubject(make, async (subject) => {
      const { store } = subject;
      await store.append(entries(0, 5), token(1), never);
      await store.append(entries(5, 9), token(2), never);
      const { tree: zero } = await store.head();
      const three = await store.advance(zero, tree(3));
      assert.ok(three !== 'lost');
      await store.raiseSigned(three, 0);
      await store.collect(asTreeSize(0), asTreeSize(2));
      await store.freeze(FROZEN_AT);
      const again = await subject.reopen();
      const head = await again.head();
      assert.deepEqual([head.tree.size, head.next, head.signed.size, head.collected], [3, 9, 3, 2]);
      assert.equal(head.frozenAtMs, FROZEN_AT);
      assert.deepEqual(Uint8Array.from(head.tree.root), Uint8Array.from(rootOf(3)));
      assert.deepEqual(await pendingTexts(again), texts(3, 9));
      assert.equal((await again.advance(head.tree, tree(9))) === 'lost', false);
    }));
}
