import { selectBackend } from '@tilewright/core/hash';
import { afterAll, expect, test } from 'vitest';
import { type BenchRow, contestant } from './bench-row.ts';
import { hashLibraries } from './libraries.ts';
import { expectAgreement, measure } from './measure.ts';
import { markdown, summarize } from './report.ts';
import { FULL_RATE, leafRows, nodeRowName, nodeRows } from './rows/hash-rows.ts';
import { BARE_VERIFY, noteRows, OPEN_CHECKPOINT_ROW } from './rows/note-rows.ts';
import { proofRows } from './rows/proof-rows.ts';
import { smallTreeRows } from './rows/small-tree-rows.ts';
import { appendRow } from './rows/tree-rows.ts';
import { ratio, secondsPerUnit, verdicts } from './targets.ts';

const libraries = await hashLibraries();

afterAll(() => {
  selectBackend('fastest');
});

test('in every row, all contestants come to the same bytes, and those that others are set beside are among them', async () => {
  const rows = [...nodeRows(libraries), ...leafRows(libraries), appendRow(libraries), ...proofRows(libraries)];
  for (const row of rows) {
    expect(row.contestants.length).toBeGreaterThan(libraries.length);
    expectAgreement(row);
  }
  const beside = [...smallTreeRows(libraries), ...(await noteRows())];
  for (const row of beside) expectAgreement(row);
  for (const { name, contestants, beside: others = ['@noble/hashes', 'createHash'] } of [...rows, ...beside]) {
    const names = contestants.map((each) => each.name);
    expect(new Set(names).size, name).toBe(names.length);
    expect(names, name).toEqual(expect.arrayContaining([...others]));
  }
});

test('a contestant with another result is named', () => {
  const contestants = [contestant('right', () => Uint8Array.of(1)), contestant('wrong', () => Uint8Array.of(2))];
  const row = { name: 'toy', unit: 'things', count: 1, contestants };
  expect(() => measure(row, { rounds: 1, sampleSeconds: 0, warmUpSeconds: 0 })).toThrow('toy: wrong comes to another');
});

test('every contestant is measured in every round, the first one by turns', () => {
  const order: string[] = [];
  const contestants = ['a', 'b', 'c'].map((name) =>
    contestant(name, () => {
      order.push(name);
      return new Uint8Array(0);
    }),
  );
  const figures = measure(
    { name: 'toy', unit: 'things', count: 10, contestants, rounds: 3 },
    { rounds: 5, sampleSeconds: 0, warmUpSeconds: 0 },
  );
  for (const { name } of contestants) expect(figures.secondsPerUnit.get(name)?.length).toBe(3);
  expect(order.slice(-9).join('')).toBe('abcbcacab');
});

/** Figures as if they had been measured. */
function figures(row: Partial<BenchRow>, seconds: Readonly<Record<string, readonly number[]>>) {
  const contestants = Object.keys(seconds).map((name) => contestant(name, () => new Uint8Array(0)));
  const whole: BenchRow = { name: 'toy', unit: 'nodes', count: 1, contestants, ...row };
  return { row: whole, secondsPerUnit: new Map(Object.entries(seconds)) };
}

test('ratios are those of one round, and their median', () => {
  // The machine was ten times slower in the second round.
  const slow = figures({}, { ours: [1, 10, 2], other: [4, 40, 2] });
  expect(ratio(slow, 'ours', 'other')).toBe(4);
  expect(secondsPerUnit(slow, 'ours')).toBe(2);
  expect(summarize(slow).contestants[0]).toEqual({
    name: 'ours',
    cpuSecondsPerUnit: 2,
    unitsPerCpuSecond: 0.5,
    timesAsFastAs: { other: 4 },
  });
});

test('targets are judged as far as their rows were measured', () => {
  const fast = figures({ name: nodeRowName(1024) }, { 'wasm-simd': [1], node: [3], '@noble/hashes': [16] });
  const small = figures({ name: nodeRowName(4) }, { 'wasm-simd': [10], [FULL_RATE]: [8] });
  const reached = verdicts([fast, small]);
  expect(reached.map(({ met }) => met)).toEqual([true, false, true]);
  expect(markdown([fast, small], reached)).toContain('- MISSED: nodes, 1024 a call: node is 5.33 × @noble/hashes');
  expect(verdicts([])).toEqual([]);
  const opened = figures({ name: OPEN_CHECKPOINT_ROW, beside: [BARE_VERIFY] }, { signer: [1.4], [BARE_VERIFY]: [1] });
  expect(verdicts([opened])).toEqual([{ met: false, text: expect.stringContaining('costs 1.400 of crypto.verify') }]);
  expect(markdown([opened], [])).toContain('| of crypto.verify alone |');
});
