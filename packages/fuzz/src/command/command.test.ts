import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { CORE_SUITE } from '../core/core-suite.ts';
import type { FuzzSuite } from '../run/fuzz-suite.ts';
import { targetNamed } from '../run/fuzz-suite.ts';
import type { FuzzTarget } from '../run/fuzz-target.ts';
import { helpOf, readOptions } from './options.ts';
import { describeReports, faultsOf } from './report.ts';
import { runCommand } from './run-command.ts';
import { supervise } from './supervise.ts';

const target: FuzzTarget = targetNamed(CORE_SUITE.targets, 'decimal') as FuzzTarget;
const never = (line: string): void => {
  throw new Error(`nobody asked: ${line}`);
};

test('a target runs in a thread, and its report comes back', async () => {
  const report = await supervise(CORE_SUITE, target, { seed: 3, inputs: 500 }, never);
  expect(report).toMatchObject({ name: 'decimal', seed: 3, inputs: 500, violation: undefined });
  expect(describeReports([report])).toContain(`| decimal | ${target.about} | 500 |`);
  expect(faultsOf(CORE_SUITE, report, false)).toEqual([]);
}, 20_000);

test('an input that never ends is told, with the command that runs it again', async () => {
  const thread = new URL(
    'data:text/javascript,import { workerData } from "node:worker_threads"; new Uint32Array(workerData.progress)[0] = 77; for (;;) {}',
  );
  const suite: FuzzSuite = { ...CORE_SUITE, thread };
  const report = await supervise(suite, target, { seed: 3, inputs: 500, hangMs: 500 }, never);
  expect(report.violation).toMatchObject({ input: 77 });
  expect(faultsOf(suite, report, true)).toEqual([
    'decimal, seed 3, input 77: it has not come to an end for 0.5 seconds\n  npm run fuzz:core -- --target decimal --seed 3 --only 77',
  ]);
}, 20_000);

test('a check that no input reached, too few damaged inputs, and a steep growth are faults', async () => {
  const report = await supervise(CORE_SUITE, target, { seed: 1, inputs: 1 }, never);
  expect(faultsOf(CORE_SUITE, report, false)).toEqual([]);
  expect(faultsOf(CORE_SUITE, report, true).length).toBeGreaterThanOrEqual(target.reaches.length - 1);
  const growth = [{ name: 'zeros', size: 9, ms: 1, exponent: 1.96 }];
  expect(faultsOf(CORE_SUITE, { ...report, growth }, false)).toEqual([
    'decimal: its time grows with the power 1.96 of the size of zeros',
  ]);
  expect(describeReports([{ ...report, growth }])).toContain('| decimal | zeros | 9 | 1.000 | 1.96 |');
}, 20_000);

test('options', () => {
  expect(readOptions(CORE_SUITE, [])).toMatchObject({ inputs: 1_000_000, seed: 1, jobs: 1, mustReachAll: true });
  expect(readOptions(CORE_SUITE, []).targets).toEqual(CORE_SUITE.targets.map(({ name }) => name));
  expect(
    readOptions(CORE_SUITE, ['--inputs', '5', '--target', 'decimal', '--only', '0', '--report', 'x.md']),
  ).toMatchObject({ inputs: 5, targets: ['decimal'], only: 0, report: 'x.md', mustReachAll: false });
  expect(helpOf(CORE_SUITE)).toContain('Usage: npm run fuzz:core');
});

test.each([
  [['--inputs', '0']],
  [['--inputs', 'many']],
  [['--seed', '-1']],
  [['--jobs', '65']],
  [['--target', 'nothing']],
  [['--only', '7']],
  [['--only', '7', '--target', 'decimal', '--target', 'base64']],
])('no options: %j', (args) => {
  expect(() => readOptions(CORE_SUITE, args)).toThrow();
});

test('the command: exit status, report, one input alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tilewright-fuzz-'));
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const few = ['--inputs', '50', '--target', 'decimal', '--target', 'latest-size', '--jobs', '2'];
    const file = join(folder, 'report.md');
    expect(await runCommand(CORE_SUITE, [...few, '--report', file, '--json'])).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^\| target [\s\S]*\n### latest-size\n/);
    expect(JSON.parse(String(out.mock.calls.at(-1)?.[0]))).toMatchObject([
      { name: 'decimal' },
      { name: 'latest-size' },
    ]);
    expect(await runCommand(CORE_SUITE, ['--target', 'decimal', '--only', '3'])).toBe(0);
    expect(String(out.mock.calls.at(-1)?.[0])).toMatch(/^reached: /);
    expect(await runCommand(CORE_SUITE, ['--inputs', 'x'])).toBe(2);
    expect(await runCommand(CORE_SUITE, ['--bogus'])).toBe(2);
    expect(await runCommand(CORE_SUITE, ['--help'])).toBe(0);
  } finally {
    out.mockRestore();
    err.mockRestore();
    rmSync(folder, { recursive: true });
  }
}, 60_000);
