import { expect, test } from 'vitest';
import type { WindowRecord } from '../state/run-record.ts';
import { growthBetween, growthOf } from './flatness.ts';

const FIRST: WindowRecord = {
  round: 10,
  heap: 20_000_000,
  workerHeap: 18_000_000,
  external: 1_000_000,
  resident: 200_000_000,
  peakResident: 200_000_000,
  descriptors: { socket: 5 },
  life: 1,
  entries: 300,
};

test('a process that is watched for long may grow by a third in its heap, and a quarter in all', () => {
  expect(growthOf([FIRST, { ...FIRST, round: 100, heap: 26_900_000, resident: 249_000_000 }])).toEqual([]);
  expect(growthOf([FIRST, { ...FIRST, round: 100, heap: 27_100_000 }])).toHaveLength(1);
  expect(growthOf([FIRST, { ...FIRST, round: 100, resident: 251_000_000 }])).toHaveLength(1);
  expect(growthOf([FIRST, { ...FIRST, round: 100, descriptors: { socket: 6 } }])).toHaveLength(1);
});

test('one that has just begun may grow more, but not in descriptors', () => {
  expect(growthOf([FIRST, { ...FIRST, round: 20, heap: 29_000_000, resident: 390_000_000 }])).toEqual([]);
  expect(growthOf([FIRST, { ...FIRST, round: 20, heap: 31_000_000 }])).toHaveLength(1);
  expect(growthOf([FIRST, { ...FIRST, round: 20, descriptors: { socket: 6 } }])).toHaveLength(1);
});

test('the last window is compared with the most of the first run, where they were watched for long', () => {
  const run = (heap: number, round = 300): WindowRecord[] => [FIRST, { ...FIRST, round, heap }];
  expect(growthBetween([run(20_000_000), run(40_000_000), run(25_000_000)])).toEqual([]);
  expect(growthBetween([run(20_000_000), run(27_500_000)])).toEqual([
    'from run to run heap grew from 19.07 MiB to 26.23 MiB',
  ]);
  expect(growthBetween([run(13_000_000), run(26_900_000)])).toEqual([]);
  expect(growthBetween([run(20_000_000), run(27_500_000, 30), []])).toEqual([]);
});
