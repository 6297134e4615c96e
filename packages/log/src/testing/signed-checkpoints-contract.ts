import assert from 'node:assert/strict';
import { asTreeSize } from '@tilewright/core/bytes';
import type { SignedCheckpoints } from '../ports/index.ts';
import { type ContractSubject, type ContractTest, withSubject } from './contract-case.ts';

const note = (text: string): Uint8Array => new TextEncoder().encode(`example.com/contract\n${text}\n`);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).split('\n')[1] ?? '';

/** What every {@link SignedCheckpoints} MUST do. `make` lends a store in which nothing is kept, fresh for each case. */
export function signedCheckpointsContract(
  test: ContractTest,
  make: () => Promise<ContractSubject<SignedCheckpoints>>,
): void {
  const check = (name: string, body: (subject: ContractSubject<SignedCheckpoints>) => Promise<void>): void =>
    test(`signed checkpoints: ${name}`, () => withSubject(make, body));
  const keep = async (store: SignedCheckpoints, size: number, text: string): Promise<string> =>
    textOf(await store.keep(asTreeSize(size), note(text)));

  check('what is kept first stays', async ({ store }) => {
    assert.equal(await keep(store, 5, 'first'), 'first');
    assert.equal(await keep(store, 5, 'second'), 'first');
    assert.equal(await keep(store, 5, 'first'), 'first');
  });

  check('each size has its own, in any order, and any size has one', async ({ store }) => {
    const sizes = [7, 70, 0, Number.MAX_SAFE_INTEGER, 6];
    for (const size of sizes) assert.equal(await keep(store, size, `of ${size}`), `of ${size}`);
    for (const size of sizes) assert.equal(await keep(store, size, 'another'), `of ${size}`);
  });

  check('of many that come at once one is kept, and all are told which', async ({ store }) => {
    const kept = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => keep(store, 9, text)));
    assert.equal(new Set(kept).size, 1);
    assert.equal(await keep(store, 9, 'late'), kept[0]);
  });

  check('what callers do to their bytes afterwards changes nothing', async ({ store }) => {
    const own = note('own');
    const kept = await store.keep(asTreeSize(3), own);
    own.fill(0);
    kept.fill(0);
    assert.equal(await keep(store, 3, 'later'), 'own');
  });

  check('it outlives the opening', async ({ store, reopen }) => {
    await keep(store, 4, 'before');
    assert.equal(await keep(await reopen(), 4, 'after'), 'before');
  });
}
