import { bundlePath, type TilePath, tilePath } from '@tilewright/core/tiles';
import { expect, test } from 'vitest';
import { cachedTiles } from './cached-tiles.ts';

function counting(size: (path: TilePath) => number | undefined) {
  const reads: string[] = [];
  const readPath = {
    checkpoint: async () => {
      reads.push('checkpoint');
      return undefined;
    },
    tile: async (path: TilePath) => {
      reads.push(path);
      const length = size(path);
      return length === undefined ? undefined : new Uint8Array(length).fill(reads.length);
    },
  };
  return { reads, readPath };
}

const full = (index: number): TilePath => tilePath({ level: 0, index, width: 256 });

test('a full tile is read once; a partial, an absent one and the checkpoint each time', async () => {
  const { reads, readPath } = counting((path) => (path.includes('/009') ? undefined : 10));
  const cached = cachedTiles(readPath, 1000);
  const partial = tilePath({ level: 0, index: 3, width: 7 });
  const bundle = bundlePath({ index: 0, width: 256 });
  for (let i = 0; i < 2; i++) {
    for (const path of [full(0), bundle, partial, full(9)]) await cached.tile(path);
    await cached.checkpoint();
  }
  expect(reads).toEqual([full(0), bundle, partial, full(9), 'checkpoint', partial, full(9), 'checkpoint']);
});

test('beyond its bytes, what was not asked for longest goes first', async () => {
  const { reads, readPath } = counting(() => 50);
  const cached = cachedTiles(readPath, 800);
  for (let i = 0; i < 16; i++) await cached.tile(full(i));
  await cached.tile(full(0));
  await cached.tile(full(16));
  expect(reads.length).toBe(17);
  await cached.tile(full(0));
  expect(reads.length).toBe(17);
  await cached.tile(full(1));
  expect(reads.length).toBe(18);
});

test('an object that would take the place of many is not kept', async () => {
  const { reads, readPath } = counting(() => 51);
  const cached = cachedTiles(readPath, 800);
  await cached.tile(full(0));
  await cached.tile(full(0));
  expect(reads.length).toBe(2);
});
