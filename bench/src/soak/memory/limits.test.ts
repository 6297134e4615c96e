import { expect, test } from 'vitest';
import { growth } from './limits.ts';
import { type RoundSample, WAL_SEGMENT } from './measure.ts';

const WARM: RoundSample = {
  round: 10,
  heap: 20_000_000,
  workerHeap: 10_000_000,
  external: 1_000_000,
  resident: 300_000_000,
  peakResident: 300_000_000,
  descriptors: { socket: 5, 'dedupe.db': 1, [WAL_SEGMENT]: 1 },
};
const LIMITS = { heap: 0.05, resident: 0.15 };

function faults(end: Partial<RoundSample>, ...between: readonly Partial<RoundSample>[]): string[] {
  const later = between.map((sample) => ({ ...WARM, ...sample }));
  return growth([WARM, ...later, { ...WARM, round: 200, ...end }], LIMITS);
}

test('less than the limits is no fault', () => {
  expect(faults({ heap: 20_900_000, workerHeap: 9_000_000, resident: 340_000_000 })).toEqual([]);
});

test('each heap has its limit', () => {
  expect(faults({ heap: 21_100_000 })).toEqual([
    'the heap of the main thread grew from 19.07 MiB to 20.12 MiB, by more than 5 %',
  ]);
  expect(faults({ workerHeap: 10_600_000 })).toHaveLength(1);
});

test('the resident set is compared with the highest of the first half', () => {
  expect(faults({ resident: 350_000_000 })).toHaveLength(1);
  expect(faults({ resident: 350_000_000 }, { round: 100, resident: 310_000_000 })).toEqual([]);
  expect(faults({ resident: 350_000_000 }, { round: 110, resident: 310_000_000 })).toHaveLength(1);
});

test('one more descriptor is a fault, and named', () => {
  expect(faults({ descriptors: { socket: 6, 'dedupe.db': 1, [WAL_SEGMENT]: 1 } })).toEqual([
    'descriptors grew from 6 to 7: 6 of socket, before 5',
  ]);
});

test('the next write-ahead segment may be open, and hides nothing', () => {
  expect(faults({ descriptors: { socket: 5, 'dedupe.db': 1, [WAL_SEGMENT]: 2 } })).toEqual([]);
  expect(faults({ descriptors: { socket: 5, 'dedupe.db': 1, [WAL_SEGMENT]: 3 } })).toHaveLength(1);
  const hidden = growth(
    [
      { ...WARM, descriptors: { socket: 5, [WAL_SEGMENT]: 2 } },
      { ...WARM, round: 200, descriptors: { socket: 6, [WAL_SEGMENT]: 1 } },
    ],
    LIMITS,
  );
  expect(hidden).toHaveLength(1);
});

test('a run without a second sample shows nothing', () => {
  expect(growth([WARM], LIMITS)).toHaveLength(1);
  expect(growth([], LIMITS)).toHaveLength(1);
});
