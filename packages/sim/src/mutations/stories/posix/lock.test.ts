import type { CommittedTree, Token } from '@tilewright/log/ports';
import { adoptPosixLog, type PosixStore } from '@tilewright/store-posix';
import { SimulatedDisk, simulatedWorld } from '@tilewright/store-posix/testing';
import { describe, expect, test } from 'vitest';
import { IDENTITY, note, open, publishNothing, ROOT, tree } from './scene.ts';

const locked = { code: 'locked' };
const token = new Uint8Array(16) as Uint8Array as Token;

/** A log that two processes write: the lock of the first was lost without a word, its file is the same. */
async function twoWriters(): Promise<{ first: PosixStore; at: CommittedTree }> {
  const disk = new SimulatedDisk();
  const first = await open(disk);
  await publishNothing(first);
  await first.sequence.append([new Uint8Array(1)], token, new AbortController().signal);
  const at = await first.sequence.advance((await first.sequence.head()).tree, tree(1));
  if (at === 'lost') throw new Error('nobody else advances');
  disk.locks.clear();
  await open(disk);
  return { first, at };
}

describe('a writer whose lock was lost notices by the epoch of whoever came after', () => {
  test('before it moves the tree', async () => {
    const { first, at } = await twoWriters();
    await expect(first.sequence.advance(at, tree(1))).rejects.toMatchObject(locked);
  });

  test('before it raises the floor', async () => {
    const { first, at } = await twoWriters();
    await expect(first.sequence.raiseSigned(at, 0)).rejects.toMatchObject(locked);
  });

  test('before it publishes, and writes nothing from then on', async () => {
    const { first } = await twoWriters();
    const stored = await first.checkpoints.read();
    await expect(first.checkpoints.replace(note(tree(1)), stored?.version ?? 'absent')).rejects.toMatchObject(locked);
    await expect(first.sequence.freeze(1)).rejects.toMatchObject(locked);
    await expect(
      first.sequence.append(
        [new Uint8Array(2)],
        new Uint8Array(16).fill(2) as Uint8Array as Token,
        new AbortController().signal,
      ),
    ).rejects.toMatchObject(locked);
  });
});

test('of two adoptions at once one is refused', async () => {
  const disk = new SimulatedDisk();
  const somebody = disk.process();
  for (const path of [ROOT, `${ROOT}/tile`, `${ROOT}/.state`]) await somebody.mkdir(path, 0o755);
  await (await somebody.open(`${ROOT}/checkpoint`, 'create')).pwrite(note(tree(0)), 0);
  await (await somebody.open(`${ROOT}/.state/treeState`, 'create')).pwrite(new Uint8Array(2), 0);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const adopt = (slow: boolean): Promise<void> => {
    const fs = disk.process(async ({ purpose }) => {
      if (!slow || purpose !== 'adopted-file') return undefined;
      reached.resolve();
      await held.promise;
      return undefined;
    });
    return adoptPosixLog({ fs, dir: ROOT, identity: IDENTITY, tree: tree(0), ...simulatedWorld(slow ? 1 : 2) });
  };
  const first = adopt(true);
  await reached.promise;
  const second = adopt(false);
  setImmediate(() => held.resolve());
  await expect(second).rejects.toMatchObject(locked);
  await first;
});
