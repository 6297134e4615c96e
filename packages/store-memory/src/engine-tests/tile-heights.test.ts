import { leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { naiveInclusion } from '@tilewright/core/testing';
import { fullPath, type TilePath } from '@tilewright/core/tiles';
import { describe, expect, test } from 'vitest';
import { type MemoryStore, openMemoryStore } from '../open-memory-store.ts';
import { changed, entry, testLog, testStore, until, visible } from './test-log.ts';

/** Partials that stay although their full tile is there. */
const superseded = ({ state }: MemoryStore): string[] =>
  [...state.objects.keys()].filter(
    (path) => path.includes('.p/') && state.objects.has(fullPath(path as string as TilePath)),
  );

describe.each([1, 2, 3, 8])('a log in tiles of height %i', (tileHeight) => {
  const limits = { tileHeight, collectIntervalMs: 2 };
  const full = 2 ** tileHeight;

  /** Opens the log, adds the batches, each at once, one after the other, sees to it that it is collected, and closes it. */
  async function life(store: MemoryStore, batches: readonly number[]): Promise<void> {
    const { log } = await testLog({ store, limits });
    for (const count of batches) {
      const from = log.status().next;
      const added = Array.from({ length: count }, (_, i) => entry(from + i));
      const receipts = await Promise.all(added.map((one) => log.add(one)));
      for (const [i, { index, publication, proof, duplicate }] of receipts.entries()) {
        expect([index, duplicate]).toEqual([from + i, false]);
        verifyInclusion(entry(index).leafHash, index, publication.tree, proof ?? []);
      }
    }
    const size = log.published().tree.size;
    await until(() => superseded(store).length === 0 && store.state.collected === size - (size % full));
    expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
    expect((await visible(store, tileHeight)).entries).toEqual(Array.from({ length: size }, (_, i) => entry(i).data));
  }

  test('one by one and in batches, across restarts: whole, collected, and proved by anybody', async () => {
    const store = testStore();
    await life(store, [1, 1, 1, 1, 1, 1, 1, 1, 1]);
    await life(store, [3, 1, 5, 2]);
    await life(store, []);
    await life(store, [7, 1, 1, 8, 4]);
    const { log } = await testLog({ store, limits });
    const hashes = Array.from({ length: 41 }, (_, i) => entry(i).leafHash);
    for (let index = 0; index < 41; index++) {
      const { entry: bytes, proof } = await log.prove(index);
      expect(leafHash(bytes)).toEqual(hashes[index]);
      expect(proof).toEqual(naiveInclusion(hashes, index));
    }
    await log.close({ timeoutMs: 1000 });
  });

  test('every size from 0 to 40 is opened, recovered into and published from', async () => {
    const store = testStore();
    await life(store, []);
    const never = new AbortController().signal;
    for (let size = 0; size < 40; size++) {
      // Sequenced by a process that ended before it integrated.
      const token = new Uint8Array(16).fill(size + 1) as never;
      await store.sequence.append([entry(size).data], token, never);
      await life(store, []);
    }
    expect((await visible(store, tileHeight)).size).toBe(40);
  });

  test('a lost dedupe index is rebuilt from the hash tiles, and its hits are looked up in them', async () => {
    const store = testStore();
    await life(store, [1, 12, 9]);
    const { dedupe: empty } = openMemoryStore();
    const ends: number[] = [];
    const dedupe = changed(empty, {
      add: async (first, ids) => {
        ends.push(first + ids.length);
        return empty.add(first, ids);
      },
    });
    const { log } = await testLog({ store, limits: { ...limits, dedupe: batchOf(3) }, changed: { dedupe } });
    expect(await empty.covered()).toBe(22);
    // About three leaves at a time, and always whole tiles.
    const step = Math.max(full, 3 - (3 % full));
    expect(ends).toEqual(Array.from({ length: Math.ceil(22 / step) }, (_, i) => Math.min(22, (i + 1) * step)));
    const again = await Promise.all(Array.from({ length: 22 }, (_, i) => log.add(entry(i))));
    expect(again.map(({ index, duplicate }) => [index, duplicate])).toEqual(again.map((_, i) => [i, true]));
    await log.close({ timeoutMs: 1000 });
    expect((await visible(store, tileHeight)).size).toBe(22);
  });

  test('a flipped bit anywhere and a missing object are found by whoever checks the whole log', async () => {
    const store = testStore();
    await life(store, [1, 12, 9]);
    // Of a tile that is not full yet, the narrower partials are of earlier checkpoints.
    const read = new Set<string>();
    const objects = changed(store.objects, { read: async (path) => read.add(path) && store.objects.read(path) });
    await visible({ ...store, objects }, tileHeight);
    for (const [path, bytes] of [...store.state.objects].filter(([name]) => read.has(name))) {
      const damaged = bytes.slice();
      damaged[bytes.length - 1] = (damaged[bytes.length - 1] ?? 0) ^ 1;
      store.state.objects.set(path, damaged);
      await expect(visible(store, tileHeight)).rejects.toThrow('checkLog');
      store.state.objects.delete(path);
      await expect(visible(store, tileHeight)).rejects.toThrow('checkLog');
      store.state.objects.set(path, bytes);
    }
    expect((await visible(store, tileHeight)).size).toBe(22);
  });
});

function batchOf(batch: number) {
  return { maxLag: 100, batch, intervalMs: 1, recent: 4 };
}

test('a log opened with another height than its own is refused, not continued', async () => {
  const store = testStore();
  const { log } = await testLog({ store, limits: { tileHeight: 2 } });
  for (let i = 0; i < 11; i++) await log.add(entry(i));
  await log.close({ timeoutMs: 1000 });
  for (const tileHeight of [1, 3, 8]) {
    await expect(testLog({ store, limits: { tileHeight } })).rejects.toMatchObject({ code: 'corrupt' });
    await expect(visible(store, tileHeight)).rejects.toThrow();
  }
  expect((await visible(store, 2)).size).toBe(11);
});

test.each([0, 9, 2.5])('there are no tiles of height %d', async (tileHeight) => {
  const store = testStore();
  await expect(testLog({ store, limits: { tileHeight } })).rejects.toMatchObject({ code: 'out-of-range' });
  expect(store.state.checkpoint).toBeUndefined();
});
