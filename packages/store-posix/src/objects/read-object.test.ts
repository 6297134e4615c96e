import { bundlePath, MAX_ENTRY_SIZE, type TilePath, tilePath } from '@tilewright/core/tiles';
import { beforeEach, expect, test } from 'vitest';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { readObject } from './read-object.ts';

const TILE = tilePath({ level: 0, index: 0, width: 256 });
const BUNDLE = bundlePath({ index: 0, width: 256 });
let disk: SimulatedDisk;

beforeEach(async () => {
  disk = new SimulatedDisk();
  for (const path of ['/tile', '/tile/0', '/tile/entries']) await disk.process().mkdir(path, 0o755);
});

async function read(path: TilePath, size: number): Promise<number | undefined> {
  await (await disk.process().open(`/${path}`, 'create')).truncate(size);
  return (await readObject(disk.process(), '', path))?.length;
}

test('no tile and no bundle is so long that it is not read', async () => {
  expect(await read(TILE, 256 * 32)).toBe(256 * 32);
  expect(await read(BUNDLE, 256 * (2 + MAX_ENTRY_SIZE))).toBe(256 * (2 + MAX_ENTRY_SIZE));
  expect(await readObject(disk.process(), '', tilePath({ level: 0, index: 1, width: 256 }))).toBeUndefined();
});

test.each([
  [TILE, 256 * 32 + 1],
  [TILE, 2 ** 40],
  [BUNDLE, 256 * (2 + MAX_ENTRY_SIZE) + 1],
  [BUNDLE, 2 ** 40],
])('%s of %i bytes is damaged, and not read', async (path, size) => {
  await expect(read(path, size)).rejects.toMatchObject({ name: 'LogError', code: 'corrupt', path });
});

test('a directory in place of a tile is no tile that is missing', async () => {
  await disk.process().mkdir(`/${TILE}`, 0o755);
  const reading = readObject(disk.process(), '', TILE);
  await expect(reading).rejects.toMatchObject({ name: 'LogError', code: 'storage-failed', path: TILE });
});
