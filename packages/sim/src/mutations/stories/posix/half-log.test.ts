import { tilePath } from '@tilewright/core/tiles';
import type { Token } from '@tilewright/log/ports';
import { SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { note, open, publishNothing, ROOT, tree } from './scene.ts';

const halfLog = { code: 'half-log' };

/** A closed log of one integrated entry. */
async function closed(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const store = await open(disk);
  await publishNothing(store);
  const { sequence } = store;
  await sequence.append([new Uint8Array(1)], new Uint8Array(16) as Uint8Array as Token, new AbortController().signal);
  const at = await sequence.advance((await sequence.head()).tree, tree(1));
  if (at === 'lost') throw new Error('nobody else advances');
  await sequence.raiseSigned(at, 0);
  await store.close();
  return disk;
}

test.each([
  ['checkpoint', halfLog],
  ['tile', halfLog],
])('a log without its %s is half a log, also where one may be made', async (path, error) => {
  const disk = await closed();
  await disk.process().rename(`${ROOT}/${path}`, '/gone');
  await expect(open(disk)).rejects.toMatchObject(error);
});

test('a log is empty only without a checkpoint and without tiles', async () => {
  const disk = new SimulatedDisk();
  const { objects, checkpoints } = await open(disk);
  expect(await objects.isEmpty()).toBe(true);
  await objects.create(tilePath({ level: 0, index: 0, width: 1 }), new Uint8Array(32));
  expect(await objects.isEmpty()).toBe(false);
  const other = await open(new SimulatedDisk());
  await other.checkpoints.replace(note(tree(0)), 'absent');
  expect(await other.objects.isEmpty()).toBe(false);
  expect(await checkpoints.read()).toBeUndefined();
});

test('a checkpoint that its writer left unsynced stays, once the log was opened on it', async () => {
  const disk = new SimulatedDisk();
  const { checkpoints } = await open(disk, ({ purpose }) =>
    purpose === 'checkpoint-dir' ? { kind: 'stop-before' } : undefined,
  );
  await expect(checkpoints.replace(note(tree(0)), 'absent')).rejects.toThrow();
  await open(disk);
  disk.powerLoss(0);
  expect(disk.find(`${ROOT}/checkpoint`)).toBeDefined();
});

test.each(['tree', 'floor'])('a %s register that was gone is whole again once the log was opened', async (name) => {
  const disk = await closed();
  await disk.process().unlink(`${ROOT}/.state/${name}`);
  disk.powerLoss(1);
  expect((await open(disk)).recovery.repairs.length).toBe(1);
  disk.powerLoss(0);
  expect((await open(disk)).recovery.repairs).toEqual([]);
});
