import { SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { open, publishNothing } from './scene.ts';

/** A log with a checkpoint, as one is that goes on to follow its source. */
async function marked() {
  const disk = new SimulatedDisk();
  const store = await open(disk);
  await publishNothing(store);
  await store.migration.set();
  return { disk, store };
}

test('a directory that is being filled is nobody else’s, whatever a power loss takes', async () => {
  const { disk } = await marked();
  disk.powerLoss(0);
  await expect(open(disk)).rejects.toMatchObject({ code: 'half-log', message: expect.stringContaining('log migrate') });
});

test('once it is filled it is a log like any other, and stays one', async () => {
  const { disk, store } = await marked();
  await store.migration.clear();
  disk.powerLoss(0);
  await (await open(disk)).close();
});
