import { expect, test } from 'vitest';
import { median, percentile } from './percentile.ts';
import { type Medians, markdown, medians, verdicts, verdictWord } from './report.ts';
import type { RunResult } from './run-once.ts';
import { SCENARIOS } from './scenario.ts';

test('percentiles of few values are values that were measured', () => {
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
  expect(percentile([3, 1, 2, 4], 0.99)).toBe(4);
  expect(median([5])).toBe(5);
  expect(median([])).toBeNaN();
});

const peer: Medians = {
  rate: 500,
  p50: 1_000,
  p99: 1_300,
  cpuPerThousand: 0.84,
  residentMiB: 90,
  failures: 0,
  noisy: 0,
  busy: 0,
  runs: 3,
};
const ours: Medians = { ...peer, rate: 5_000, p50: 40, p99: 251, cpuPerThousand: 0.35, noisy: 1, busy: 2 };
const scenario = SCENARIOS.find(({ writers }) => writers === 512) ?? SCENARIOS[0];

test('each target of 512 writers is judged on its own, the exact bound included', () => {
  if (scenario === undefined) throw new Error('no scenario');
  const words = verdicts(scenario, ours, peer).map(verdictWord);
  expect(words).toEqual(['met', 'MISSED', 'met']);
  expect(verdicts(scenario, ours, undefined).map(verdictWord)).toEqual(['not compared', 'MISSED', 'met']);
  expect(verdicts(scenario, { ...ours, rate: 4_999 }, peer).map(verdictWord)[0]).toBe('MISSED');
});

test('the table states ratios and a noisy disk', () => {
  if (scenario === undefined) throw new Error('no scenario');
  const table = markdown([{ scenario, ours, peer, verdicts: verdicts(scenario, ours, peer) }]);
  expect(table).toContain('| 512 | ours / peer | 10× | 0.040× | 0.19× | 0.42× |');
  expect(table).toContain('disk noisy in 1 of 3, others busy in 2 of 3');
  expect(table).toContain('- 512 writers: p99 251 ms, target ≤ 250 ms: MISSED');
});

test('medians are taken of each figure alone, failures are summed', () => {
  const run = (rate: number, p50: number, failures: number): RunResult => ({
    server: 'ours',
    writers: 1,
    rate,
    p50,
    p99: p50,
    cpuPerThousand: 1,
    residentMiB: 1,
    failures,
    disk: { p50: 1, p99: 6, noisy: true },
    othersCores: 0.5,
    wrk: {
      seconds: 1,
      p50,
      p90: 0,
      p99: 0,
      max: 0,
      used: 0,
      exhausted: 0,
      connectErrors: 0,
      readErrors: 0,
      writeErrors: 0,
      timeouts: 0,
      statuses: {},
    },
  });
  expect(medians([run(1, 30, 1), run(3, 10, 0), run(2, 20, 2)])).toMatchObject({
    rate: 2,
    p50: 20,
    failures: 3,
    noisy: 3,
    busy: 3,
  });
  expect(medians([])).toBeUndefined();
});
