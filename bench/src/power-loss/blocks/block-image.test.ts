import { expect, test } from 'vitest';
import type { BlockEvent } from './block-event.ts';
import { blocksOf, CrashedDisk, digestOf } from './block-image.ts';

const BLOCK = 4096;
const write = (offset: number, length: number, byte: number): BlockEvent => ({
  kind: 'write',
  offset,
  bytes: new Uint8Array(length).fill(byte),
});

/** First byte of each block, from 0. */
function firstBytes(disk: CrashedDisk, moment: number, choice: number): number[] {
  const blocks = disk.after(moment, choice);
  return [0, 1, 2, 3].map((number) => blocks.get(number)?.[0] ?? 0);
}

const base = new Uint8Array(4 * BLOCK);
base[0] = 9;
const events: readonly BlockEvent[] = [
  write(0, BLOCK, 1),
  write(BLOCK, 2 * BLOCK, 2),
  { kind: 'flush' },
  { kind: 'mark', number: 1 },
  write(2 * BLOCK, 2 * BLOCK, 3),
  write(0, 100, 4),
];

test('what was flushed stays, and of the rest what is chosen', () => {
  const disk = new CrashedDisk(blocksOf(base), events);
  expect(firstBytes(disk, 2, 0)).toEqual([9, 0, 0, 0]);
  expect(firstBytes(disk, 2, 1)).toEqual([1, 2, 2, 0]);
  expect(firstBytes(disk, 3, 0)).toEqual([1, 2, 2, 0]);
  expect(firstBytes(disk, events.length, 0)).toEqual([1, 2, 2, 0]);
  expect(firstBytes(disk, events.length, 1)).toEqual([4, 2, 3, 3]);
  expect(disk.after(events.length, 1).get(0)?.[100]).toBe(1);
  // Earlier moments after later ones.
  expect(firstBytes(disk, 1, 0)).toEqual([9, 0, 0, 0]);
});

test('every block of a write is kept or lost by itself', () => {
  const disk = new CrashedDisk(blocksOf(base), events);
  const seen = new Set(Array.from({ length: 60 }, (_, at) => firstBytes(disk, events.length, 2 + at).join()));
  expect([...seen].sort()).toEqual(
    [1, 4].flatMap((first) => [2, 3].flatMap((third) => [0, 3].map((fourth) => `${first},2,${third},${fourth}`))),
  );
});

test('equal disks have equal digests', () => {
  const disk = new CrashedDisk(blocksOf(base), events);
  expect(digestOf(disk.after(3, 0))).toBe(digestOf(disk.after(events.length, 0)));
  expect(digestOf(disk.after(3, 0))).not.toBe(digestOf(disk.after(events.length, 1)));
});
