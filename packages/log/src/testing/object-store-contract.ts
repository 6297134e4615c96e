import assert from 'node:assert/strict';
import { bundlePath, fullPath, tilePath } from '@tilewright/core/tiles';
import { hasCode } from '../log-error.ts';
import type { ObjectStore } from '../ports/index.ts';
import { type ContractSubject, type ContractTest, withSubject } from './contract-case.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const partial = tilePath({ level: 0, index: 0, width: 3 });
const wider = tilePath({ level: 0, index: 0, width: 5 });
const full = fullPath(partial);

/** What every {@link ObjectStore} MUST do. `test` is the runner's; `make` lends an empty store, fresh for each case. */
export function objectStoreContract(test: ContractTest, make: () => Promise<ContractSubject<ObjectStore>>): void {
  const check = (name: string, body: (store: ObjectStore) => Promise<void>): void =>
    test(`objects: ${name}`, () => withSubject(make, ({ store }) => body(store)));

  check('an absent object is undefined, not an error', async (store) => {
    assert.equal(await store.read(partial), undefined);
    assert.equal(await store.isEmpty(), true);
  });

  check('what was created is read back, at every depth of path', async (store) => {
    const deep = tilePath({ level: 0, index: 1_234_067, width: 256 });
    for (const path of [partial, full, deep, bundlePath({ index: 7, width: 256 })]) {
      assert.equal(await store.create(path, bytes(path)), 'created');
      assert.deepEqual(Uint8Array.from((await store.read(path)) ?? []), bytes(path));
    }
    await store.sync();
    assert.equal(await store.isEmpty(), false);
  });

  check('an empty object is there', async (store) => {
    assert.equal(await store.create(partial, new Uint8Array(0)), 'created');
    assert.equal((await store.read(partial))?.length, 0);
  });

  check('creating equal bytes again is identical', async (store) => {
    await store.create(partial, bytes('one'));
    assert.equal(await store.create(partial, bytes('one')), 'identical');
    await store.sync();
  });

  for (const other of ['two', 'on', 'one more', '']) {
    check(`creating other bytes (${JSON.stringify(other)}) is a conflict, and the first stay`, async (store) => {
      await store.create(partial, bytes('one'));
      await assert.rejects(store.create(partial, bytes(other)), (error) => hasCode(error, 'object-conflict'));
      assert.deepEqual(Uint8Array.from((await store.read(partial)) ?? []), bytes('one'));
    });
  }

  check('the caller may reuse its buffer once create has settled', async (store) => {
    const buffer = bytes('one');
    await store.create(partial, buffer);
    buffer.fill(0);
    assert.deepEqual(Uint8Array.from((await store.read(partial)) ?? []), bytes('one'));
  });

  check('of many creates at one path one creates, and all see the same bytes', async (store) => {
    const done = await Promise.all(Array.from({ length: 8 }, () => store.create(partial, bytes('one'))));
    assert.equal(done.filter((outcome) => outcome === 'created').length, 1);
    await Promise.all([store.sync(), store.sync()]);
  });

  check('many creates in parallel all arrive', async (store) => {
    const paths = Array.from({ length: 40 }, (_, index) => bundlePath({ index: index * 300, width: 256 }));
    await Promise.all(paths.map((path) => store.create(path, bytes(path))));
    await store.sync();
    for (const path of paths) assert.deepEqual(Uint8Array.from((await store.read(path)) ?? []), bytes(path));
  });

  check('partials go only when the full object is there', async (store) => {
    await store.create(partial, bytes('three'));
    await assert.rejects(store.dropPartials(full), (error) => hasCode(error, 'not-found'));
    assert.notEqual(await store.read(partial), undefined);
  });

  check('partials of a full object go, all of them, and nothing else', async (store) => {
    const neighbour = tilePath({ level: 0, index: 1, width: 3 });
    for (const path of [partial, wider, full, neighbour]) await store.create(path, bytes(path));
    await store.dropPartials(full);
    await store.dropPartials(full);
    assert.equal(await store.read(partial), undefined);
    assert.equal(await store.read(wider), undefined);
    assert.notEqual(await store.read(full), undefined);
    assert.notEqual(await store.read(neighbour), undefined);
    await store.sync();
  });
}
