import assert from 'node:assert/strict';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import type { DedupeIndex } from '../ports/index.ts';
import { type ContractSubject, type ContractTest, withSubject } from './contract-case.ts';

const id = (n: number): Hash => sha256(new TextEncoder().encode(`leaf ${n}`));
const ids = (from: number, to: number): Hash[] => Array.from({ length: to - from }, (_, i) => id(from + i));

/** What every {@link DedupeIndex} MUST do. `make` lends an empty index, fresh for each case. */
export function dedupeIndexContract(test: ContractTest, make: () => Promise<ContractSubject<DedupeIndex>>): void {
  const check = (name: string, body: (store: DedupeIndex) => Promise<void>): void =>
    test(`dedupe: ${name}`, () => withSubject(make, ({ store }) => body(store)));

  check('an empty index covers nothing', async (index) => {
    assert.equal(await index.covered(), 0);
    assert.deepEqual(await index.find([id(1), id(2)]), [undefined, undefined]);
    assert.deepEqual(await index.find([]), []);
  });

  check('what was added is found, in the order that was asked', async (index) => {
    assert.equal(await index.add(asTreeSize(0), ids(0, 10)), true);
    assert.equal(await index.covered(), 10);
    assert.deepEqual(await index.find([id(9), id(10), id(0), id(9)]), [9, undefined, 0, 9]);
  });

  check('the cursor moves by compare-and-set', async (index) => {
    assert.equal(await index.add(asTreeSize(0), ids(0, 3)), true);
    assert.equal(await index.add(asTreeSize(0), ids(10, 13)), false);
    assert.equal(await index.add(asTreeSize(4), ids(10, 13)), false);
    assert.deepEqual(await index.find([id(10)]), [undefined]);
    assert.equal(await index.add(asTreeSize(3), []), true);
    assert.equal(await index.add(asTreeSize(3), ids(3, 4)), true);
    assert.equal(await index.covered(), 4);
  });

  check('the earliest index wins, within one call and across calls', async (index) => {
    await index.add(asTreeSize(0), [id(7), id(8), id(7)]);
    await index.add(asTreeSize(3), [id(8), id(9)]);
    assert.deepEqual(await index.find([id(7), id(8), id(9)]), [0, 1, 4]);
    assert.equal(await index.covered(), 5);
  });

  check('reset forgets everything', async (index) => {
    await index.add(asTreeSize(0), ids(0, 5));
    await index.reset();
    assert.equal(await index.covered(), 0);
    assert.deepEqual(await index.find([id(1)]), [undefined]);
    assert.equal(await index.add(asTreeSize(0), ids(100, 101)), true);
    assert.deepEqual(await index.find([id(100)]), [0]);
  });

  check('the caller may reuse its buffers', async (index) => {
    const buffer = id(1).slice() as Hash;
    await index.add(asTreeSize(0), [buffer]);
    buffer.fill(0);
    assert.deepEqual(await index.find([id(1)]), [0]);
  });

  test('dedupe: everything survives a restart', () =>
    withSubject(make, async (subject) => {
      await subject.store.add(asTreeSize(0), ids(0, 1000));
      await subject.store.add(asTreeSize(1000), [id(3), id(1001)]);
      const again = await subject.reopen();
      assert.equal(await again.covered(), 1002);
      assert.deepEqual(await again.find([id(999), id(3), id(1001), id(5000)]), [999, 3, 1001, undefined]);
    }));
}
