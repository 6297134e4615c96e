import type { CheckpointStore, Version } from '@tilewright/log/ports';
import { openPosixStore, type PosixStore } from '@tilewright/store-posix';
import { type Intercept, SimulatedDisk, type SimulatedWorld, simulatedWorld } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { IDENTITY, note, ROOT, tree } from './scene.ts';

/** Longer than a file rests that was the checkpoint. */
const RESTED_MS = 6_000;

async function open(disk: SimulatedDisk, intercept?: Intercept): Promise<PosixStore & { world: SimulatedWorld }> {
  const world = simulatedWorld(1);
  const fs = disk.process(intercept);
  const limits = { segmentBytes: 64 * 1024, reserveBytes: 4096 };
  const store = await openPosixStore({
    fs,
    dir: ROOT,
    identity: IDENTITY,
    ...world,
    mode: 'open-or-create',
    dedupe: false,
    limits,
  });
  return Object.assign(store, { world });
}

async function replace(store: CheckpointStore, bytes: Uint8Array): Promise<void> {
  const version: Version | 'absent' = (await store.read())?.version ?? 'absent';
  expect(await store.replace(bytes, version)).not.toBe('lost');
}

/** The note of the empty tree under a signature of some length. */
function signed(length: number): Uint8Array {
  const bytes = note(tree(0));
  const text = new TextDecoder().decode(bytes);
  const more = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.alloc(length, length)]).toString('base64');
  return new TextEncoder().encode(`${text}— ${IDENTITY.origin} ${more}\n`);
}

test('a shorter checkpoint leaves nothing of a longer one whose file it takes', async () => {
  const disk = new SimulatedDisk();
  const { checkpoints, world } = await open(disk);
  for (const length of [90, 30, 60, 9, 90, 12]) {
    await replace(checkpoints, signed(length));
    expect(await disk.process().readFile(`${ROOT}/checkpoint`)).toEqual(signed(length));
    world.clock.advance(RESTED_MS);
  }
});

test('whoever opened the checkpoint has time to read it, whatever is published meanwhile', async () => {
  const disk = new SimulatedDisk();
  const { checkpoints, world } = await open(disk);
  await replace(checkpoints, signed(90));
  const reader = await disk.process().open(`${ROOT}/checkpoint`, 'read');
  for (const length of [9, 30, 60, 12]) {
    await replace(checkpoints, signed(length));
    world.clock.advance(100);
  }
  const bytes = new Uint8Array(signed(90).length);
  expect(await reader.pread(bytes, 0)).toBe(bytes.length);
  expect(bytes).toEqual(signed(90));
});

test('the file that is the checkpoint is not written, though an earlier process put it there', async () => {
  const disk = new SimulatedDisk();
  const first = await open(disk);
  await replace(first.checkpoints, signed(30));
  await first.close();
  const { checkpoints, world } = await open(disk, ({ kind, path }) =>
    kind === 'rename' && path === `${ROOT}/checkpoint` ? { kind: 'stop-before' } : undefined,
  );
  world.clock.advance(RESTED_MS);
  const stored = await checkpoints.read();
  await expect(checkpoints.replace(signed(60), stored?.version ?? 'absent')).rejects.toThrow();
  expect(await disk.process().readFile(`${ROOT}/checkpoint`)).toEqual(signed(30));
});
