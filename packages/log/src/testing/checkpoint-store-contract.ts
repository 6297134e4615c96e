import assert from 'node:assert/strict';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { formatCheckpoint, frozenLine } from '@tilewright/core/checkpoint';
import { sha256 } from '@tilewright/core/hash';
import { formatSignatureLine } from '@tilewright/core/note';
import { hasCode } from '../log-error.ts';
import type { CheckpointStore, Version } from '../ports/index.ts';
import { type ContractSubject, type ContractTest, withSubject } from './contract-case.ts';

const ORIGIN = 'example.com/contract';
const rootOf = (text: string): Hash => sha256(new TextEncoder().encode(text));

/** A checkpoint note of the right shape, under a signature that nobody made: stores parse notes and verify nothing. */
function note(
  size: number,
  root: Hash = rootOf(`root at ${size}`),
  signature = 'one',
  extensions: readonly string[] = [],
): Uint8Array {
  const text = new TextDecoder().decode(formatCheckpoint({ origin: ORIGIN, size: asTreeSize(size), root, extensions }));
  const line = formatSignatureLine(ORIGIN, 7, new TextEncoder().encode(`signature ${signature}`));
  return new TextEncoder().encode(`${text}\n${line.endsWith('\n') ? line : `${line}\n`}`);
}

function lastNote(size: number, signature = 'one'): Uint8Array {
  return note(size, rootOf(`root at ${size}`), signature, [frozenLine(1_787_296_857_123)]);
}

async function stored(store: CheckpointStore, bytes: Uint8Array, expected: Version | 'absent'): Promise<Version> {
  const version = await store.replace(bytes, expected);
  assert.ok(version !== 'lost', 'the replacement was lost');
  return version;
}

/** Origin of every checkpoint of the suite: the store must belong to this log. */
export const CHECKPOINT_CONTRACT_ORIGIN: string = ORIGIN;

/**
 * What every {@link CheckpointStore} MUST do. `make` lends a store without a checkpoint, fresh for each case, whose
 * log has the origin {@link CHECKPOINT_CONTRACT_ORIGIN}.
 */
export function checkpointStoreContract(
  test: ContractTest,
  make: () => Promise<ContractSubject<CheckpointStore>>,
): void {
  const check = (name: string, body: (store: CheckpointStore) => Promise<void>): void =>
    test(`checkpoint: ${name}`, () => withSubject(make, ({ store }) => body(store)));

  check('there is none at first', async (store) => {
    assert.equal(await store.read(), undefined);
    assert.ok(store.minIntervalMs >= 0);
  });

  check('what was stored is read back under the version returned', async (store) => {
    const version = await store.replace(note(0), 'absent');
    const stored = await store.read();
    assert.equal(stored?.version, version);
    assert.deepEqual(Uint8Array.from(stored?.note ?? []), note(0));
  });

  check('each replacement names its predecessor', async (store) => {
    const first = await stored(store, note(1), 'absent');
    const second = await stored(store, note(2), first);
    assert.notEqual(second, first);
    const third = await stored(store, note(300), second);
    assert.equal((await store.read())?.version, third);
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), note(300));
  });

  check('a stale version loses, and nothing changes', async (store) => {
    const first = await stored(store, note(1), 'absent');
    await store.replace(note(2), first);
    assert.equal(await store.replace(note(3), first), 'lost');
    assert.equal(await store.replace(note(3), 'absent'), 'lost');
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), note(2));
  });

  check('our own bytes are no loss: an unknown outcome is settled inside', async (store) => {
    const first = await stored(store, note(1), 'absent');
    assert.equal(await store.replace(note(1), 'absent'), first);
    const second = await store.replace(note(2), first);
    assert.equal(await store.replace(note(2), first), second);
  });

  check('of two replacements of one version at most one wins', async (store) => {
    const first = await stored(store, note(1), 'absent');
    const done = await Promise.all([
      store.replace(note(2), first),
      store.replace(note(2, rootOf('root at 2'), 'two'), first),
    ]);
    assert.equal(done.filter((outcome) => outcome === 'lost').length, 1);
  });

  check('it never goes backwards', async (store) => {
    const version = await stored(store, note(5), 'absent');
    await assert.rejects(store.replace(note(4), version), (error) => hasCode(error, 'fork'));
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), note(5));
  });

  check('it never has a second root at one size', async (store) => {
    const version = await stored(store, note(5), 'absent');
    await assert.rejects(store.replace(note(5, rootOf('other')), version), (error) => hasCode(error, 'fork'));
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), note(5));
  });

  check('the same tree may be signed again', async (store) => {
    const version = await stored(store, note(5), 'absent');
    const again = note(5, rootOf('root at 5'), 'two');
    assert.notEqual(await store.replace(again, version), 'lost');
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), again);
  });

  check('the last checkpoint of a frozen log replaces one of the same tree, and may be signed again', async (store) => {
    const version = await stored(store, note(5), 'absent');
    const last = await stored(store, lastNote(5), version);
    const again = lastNote(5, 'two');
    await stored(store, again, last);
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), again);
  });

  check('nothing comes after the last checkpoint of a frozen log', async (store) => {
    const version = await stored(store, lastNote(5), 'absent');
    for (const later of [note(5), note(6), lastNote(6), lastNote(4)])
      await assert.rejects(store.replace(later, version), (error) => hasCode(error, 'fork'));
    assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), lastNote(5));
  });

  check('shorter notes leave nothing of longer ones behind', async (store) => {
    let version: Version | 'absent' = 'absent';
    for (let size = 1; size < 30; size++) {
      const next = note(size, rootOf(`root at ${size}`), 'x'.repeat(size % 2 === 0 ? 1 : 400));
      version = await stored(store, next, version);
      assert.deepEqual(Uint8Array.from((await store.read())?.note ?? []), next);
    }
  });
}
