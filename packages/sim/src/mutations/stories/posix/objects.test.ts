import { tilePath } from '@tilewright/core/tiles';
import { SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { open, ROOT } from './scene.ts';

const path = tilePath({ level: 0, index: 0, width: 1 });
const other = tilePath({ level: 0, index: 0, width: 2 });

test('a sync waits for one that is under way: it may be that of its own objects', async () => {
  const disk = new SimulatedDisk();
  const held = Promise.withResolvers<void>();
  const { objects } = await open(disk, async ({ purpose }) => {
    if (purpose === 'object-dir') await held.promise;
    return undefined;
  });
  await objects.create(path, new Uint8Array(32));
  const first = objects.sync();
  const second = objects.sync().then(() => {
    disk.powerLoss(0);
    expect(disk.find(`${ROOT}/${path}`)).toBeDefined();
  });
  setImmediate(() => held.resolve());
  await second;
  await first;
});

test('where a path would have to change its bytes, both stay, and nothing more is written', async () => {
  const disk = new SimulatedDisk();
  const { objects } = await open(disk);
  await objects.create(path, new Uint8Array(32));
  const conflict = { code: 'object-conflict' };
  await expect(objects.create(path, new Uint8Array(32).fill(1))).rejects.toMatchObject(conflict);
  expect(disk.files(`${ROOT}/.state/conflicts`).length).toBe(1);
  await expect(objects.create(other, new Uint8Array(64))).rejects.toMatchObject(conflict);
});
