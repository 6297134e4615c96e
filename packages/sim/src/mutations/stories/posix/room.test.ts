import { encodeUtf8 } from '@tilewright/core/bytes';
import { tilePath } from '@tilewright/core/tiles';
import type { SequenceStore, Token } from '@tilewright/log/ports';
import { type Fault, type FsOperation, SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { open, publishNothing, ROOT, tree } from './scene.ts';

const BLOCK = 4096;
const append = (store: SequenceStore, n: number): Promise<number> =>
  store.append(
    [encodeUtf8(`entry ${n}`)],
    new Uint8Array(16).fill(n) as Uint8Array as Token,
    new AbortController().signal,
  );

test('where a tile found no room nothing is taken in, the reserve is given back, and both wait for room', async () => {
  const disk = new SimulatedDisk();
  const { sequence, objects } = await open(disk);
  expect(await append(sequence, 0)).toBe(0);
  // The next segment is made meanwhile.
  await new Promise((done) => setImmediate(done));
  disk.capacity = disk.used;
  const full = { code: 'storage-full' };
  await expect(
    objects.create(tilePath({ level: 0, index: 0, width: 1 }), new Uint8Array(32).fill(1)),
  ).rejects.toMatchObject(full);
  expect(disk.find(`${ROOT}/.state/reserve`)).toBeUndefined();
  // The segment has blocks of its own.
  await expect(append(sequence, 1)).rejects.toMatchObject(full);
  // Enough for the reserve, and not for a segment beside it.
  disk.capacity = disk.used + 3 * BLOCK;
  expect(await sequence.room()).toBe(false);
  disk.capacity = Number.MAX_SAFE_INTEGER;
  expect(await sequence.room()).toBe(true);
  expect(await append(sequence, 1)).toBe(1);
});

/** A log whose next record fails, and what is written to its first segment. */
async function failing(errno: string): Promise<{ sequence: SequenceStore; written: string[]; fail: () => void }> {
  const written: string[] = [];
  let fault: Fault | undefined;
  const disk = new SimulatedDisk();
  const { sequence } = await open(disk, ({ kind, path, bytes }: FsOperation) => {
    if (kind !== 'pwrite' || bytes !== BLOCK || !path.includes('segment-')) return undefined;
    // The next segment is made at the same time.
    if (!path.endsWith('-00000000')) return undefined;
    written.push(path);
    const now = fault;
    fault = undefined;
    return now;
  });
  const fail = (): void => {
    fault = { kind: 'error', errno };
    written.length = 0;
  };
  await append(sequence, 0);
  return { sequence, written, fail };
}

test('a record that found no room is written anew, in another segment', async () => {
  const { sequence, written, fail } = await failing('ENOSPC');
  fail();
  await expect(append(sequence, 1)).rejects.toMatchObject({ code: 'storage-full' });
  expect(await sequence.room()).toBe(true);
  expect(await append(sequence, 1)).toBe(1);
  expect(written.length).toBe(1);
});

test('a record whose write failed is the end', async () => {
  const { sequence, fail } = await failing('EIO');
  fail();
  await expect(append(sequence, 1)).rejects.toMatchObject({ code: 'storage-failed' });
  await expect(append(sequence, 2)).rejects.toMatchObject({ code: 'storage-failed' });
});

test('the newest segment that holds a record stays, though all of it is released', async () => {
  const disk = new SimulatedDisk();
  const failed = new Set<string>();
  let records = false;
  const store = await open(disk, ({ kind, path, bytes }) => {
    // The second record finds no room, in the first segment and in the next.
    if (kind !== 'pwrite' || bytes !== BLOCK || !records || failed.has(path)) return undefined;
    failed.add(path);
    return { kind: 'error', errno: 'ENOSPC' };
  });
  await publishNothing(store);
  const { sequence } = store;
  await append(sequence, 0);
  await new Promise((done) => setImmediate(done));
  records = true;
  for (let tries = 0; tries < 2; tries++)
    await expect(append(sequence, 1)).rejects.toMatchObject({ code: 'storage-full' });
  records = false;
  const at = await sequence.advance((await sequence.head()).tree, tree(1));
  if (at === 'lost') throw new Error('nobody else advances');
  await sequence.release(at.size);
  disk.powerLoss(1);
  expect((await open(disk)).recovery.next).toBe(1);
});
