import { expect, test } from 'vitest';
import { segmentNameTarget } from '../segment/segment-name-target.ts';
import { readOptions } from './options.ts';
import { describeReports, faultsOf } from './report.ts';
import { supervise } from './supervise.ts';

const target = segmentNameTarget();
const never = (line: string): void => {
  throw new Error(`nobody asked: ${line}`);
};

test('a target runs in a thread, and its report comes back', async () => {
  const report = await supervise(target, { seed: 3, inputs: 500 }, never);
  expect(report).toMatchObject({ name: 'segment-name', seed: 3, inputs: 500, violation: undefined });
  expect(describeReports([report])).toContain('| segment-name | the file name of a segment | 500 |');
  expect(faultsOf(report, false)).toEqual([]);
}, 20_000);

test('an input that never ends is told, with the command that runs it again', async () => {
  const program = new URL(
    'data:text/javascript,import { workerData } from "node:worker_threads"; new Uint32Array(workerData.progress)[0] = 77; for (;;) {}',
  );
  const report = await supervise(target, { seed: 3, inputs: 500, hangMs: 500, program }, never);
  expect(report.violation).toMatchObject({ input: 77 });
  expect(faultsOf(report, true)).toEqual([
    'segment-name, seed 3, input 77: it has not come to an end for 0.5 seconds\n  npm run fuzz:disk -- --target segment-name --seed 3 --only 77',
  ]);
}, 20_000);

test('a check that no input reached, and too few damaged inputs, fail a run that was to reach all', async () => {
  const report = await supervise(target, { seed: 1, inputs: 1 }, never);
  expect(faultsOf(report, false)).toEqual([]);
  expect(faultsOf(report, true).length).toBeGreaterThanOrEqual(target.reaches.length - 1);
}, 20_000);

test('options', () => {
  expect(readOptions([])).toMatchObject({ inputs: 1_000_000, seed: 1, only: undefined, mustReachAll: true });
  expect(readOptions([]).targets).toContain('recovery');
  expect(readOptions(['--inputs', '5', '--target', 'wal', '--only', '0'])).toMatchObject({
    inputs: 5,
    targets: ['wal'],
    only: 0,
    mustReachAll: false,
  });
});

test.each([
  [['--inputs', '0']],
  [['--inputs', 'many']],
  [['--seed', '-1']],
  [['--target', 'nothing']],
  [['--only', '7']],
  [['--only', '7', '--target', 'wal', '--target', 'owner']],
])('no options: %j', (args) => {
  expect(() => readOptions(args)).toThrow();
});
