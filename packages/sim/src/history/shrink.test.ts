import { expect, test } from 'vitest';
import { SeededChooser } from '../choice/seeded-chooser.ts';
import type { History } from './history.ts';
import { shrink } from './shrink.ts';

/** Breaks when two of a hundred decisions are big enough. */
const fragile: History = async (chooser) => {
  const answers = Array.from({ length: 100 }, () => chooser.pick('workload', 10, 0.5));
  const isBroken = (answers[17] ?? 0) >= 3 && (answers[60] ?? 0) >= 5;
  const broken = isBroken ? new Error(`entry ${answers[17]} was lost`) : undefined;
  return { broken, steps: 100, counts: new Map(), story: [] };
};

test('what is left of a failing history is what makes it fail', async () => {
  for (let seed = 1; ; seed++) {
    const chooser = new SeededChooser(seed);
    const { broken } = await fragile(chooser, false);
    if (broken === undefined) continue;
    expect(chooser.decisions.length).toBeGreaterThan(30);
    expect(await shrink(fragile, chooser.decisions, broken)).toEqual([
      { at: 17, answer: 3 },
      { at: 60, answer: 5 },
    ]);
    return;
  }
});
