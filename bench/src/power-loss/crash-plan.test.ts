import { expect, test } from 'vitest';
import { type Crash, crashPlan } from './crash-plan.ts';

test('beside the syncs first, then everywhere; nothing kept, everything, and ever new subsets', () => {
  const crashes: Crash[] = [];
  for (const crash of crashPlan({ last: 9, boundaries: [3, 4] }, 1)) {
    if (crash.round > 7) break;
    crashes.push(crash);
  }
  const inRound = (round: number): Crash[] => crashes.filter((crash) => crash.round === round);
  expect(inRound(0).map(({ moment, choice }) => [moment, choice])).toEqual([
    [4, 0],
    [3, 0],
  ]);
  expect(inRound(1).map(({ choice }) => choice)).toEqual([1, 1]);
  expect(inRound(3).map(({ moment }) => moment)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  const subsets = [2, 5, 6, 7].flatMap((round) => inRound(round).map(({ choice }) => choice));
  expect(Math.min(...subsets)).toBeGreaterThan(1);
  expect(new Set(subsets).size).toBe(subsets.length);
});
