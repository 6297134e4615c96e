import { expect, test } from 'vitest';
import { median, percentile } from '../load/percentile.ts';
import { readOptions } from '../load/plan/options.ts';
import { makePlan, stepsOf } from '../load/plan/plan.ts';
import type { RunFigures } from '../load/run-figures.ts';
import { newResults, type Results, type StepResult } from '../load/table/results-file.ts';
import { someFigures } from '../load/testing/some-figures.ts';
import { markdownReport } from './markdown.ts';
import { mediansOf, summarize } from './summarize.ts';
import { TARGETS, type Verdict, verdicts, verdictWord } from './targets.ts';

/** Results of these options, each with what `result` says of its contestant and run. */
function someResults(args: readonly string[], result: (key: string) => Partial<RunFigures> | StepResult): Results {
  const plan = makePlan(readOptions(args).selection);
  const machine = { cpus: 2, model: 'some', node: 'v24.0.0' };
  const empty = newResults(plan, machine, { startedAt: '2026-01-02T03:04:05.000Z', commit: 'abc1234' });
  const results = stepsOf(plan).map(({ key }) => {
    const made = result(key);
    return [key, 'failed' in made || 'skipped' in made ? made : { figures: someFigures(made) }] as const;
  });
  return { ...empty, results: Object.fromEntries(results) };
}

const report = (results: Results): string => {
  const rows = summarize(results);
  return markdownReport(results, rows, verdicts(rows));
};
const words = (all: readonly Verdict[]): string[] =>
  all.map((verdict) => `${verdict.what.split(',')[0]} ${verdict.reached} ${verdictWord(verdict)}`);

test('percentiles of few values are values that were measured', () => {
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
  expect(percentile([3, 1, 2, 4], 0.99)).toBe(4);
  expect(median([5])).toBe(5);
  expect(median([])).toBeNaN();
});

test('medians are taken of each figure alone, and of the runs that have it', () => {
  const runs = [
    someFigures({ rate: 1, p50: 30, cpuPerThousand: null }),
    someFigures({ rate: 3, p50: 10, cpuPerThousand: 0.4 }),
    someFigures({ rate: 2, p50: 20, cpuPerThousand: null }),
  ];
  expect(mediansOf(runs)).toMatchObject({ rate: 2, p50: 20, cpuPerThousand: 0.4 });
  expect(mediansOf([someFigures({ p50: null })])).toMatchObject({ p50: null });
  expect(mediansOf([])).toBeUndefined();
});

test('targets are judged by medians, the exact bound included', () => {
  const ours: Record<string, Partial<RunFigures>> = {
    1: { rate: 7_500, p99: 200, cpuPerThousand: 0.225 },
    2: { rate: 9_000, p99: 900, cpuPerThousand: 0.1 },
    3: { rate: 100, p99: 100, cpuPerThousand: 0.9 },
  };
  const results = someResults(['--only', 'rekor', '--writers', '512'], (key) =>
    key.includes('/ours/') ? (ours[key.at(-1) ?? ''] ?? {}) : { rate: 500, p99: 1_200, cpuPerThousand: 0.9 },
  );
  expect(words(verdicts(summarize(results)))).toEqual([
    'entries/s 15.0× met',
    'p99 ms 200 met',
    'CPU s per 1 0.250× met',
  ]);
  const slower = someResults(['--only', 'rekor', '--writers', '512'], (key) =>
    key.includes('/ours/') ? { rate: 7_499, p99: 201, cpuPerThousand: 0.226 } : { rate: 500, cpuPerThousand: 0.9 },
  );
  expect(verdicts(summarize(slower)).map(({ met }) => met)).toEqual([false, false, false]);
});

test('without the peer, or without a figure, nothing is judged', () => {
  const alone = someResults(['--only', 'rekor,ours', '--writers', '512', '--runs', '1'], () => ({ p99: null }));
  expect(words(verdicts(summarize(alone)))).toEqual([
    'entries/s — not measured',
    'p99 ms — not measured',
    'CPU s per 1 — not measured',
  ]);
  expect(verdicts(summarize(someResults(['--only', 'raw,peer', '--runs', '1'], () => ({}))))).toEqual([]);
});

test('every figure to reach belongs to a row that is measured', () => {
  const rows = makePlan(readOptions([]).selection).rows.map(({ suite, writers }) => `${suite} ${writers}`);
  for (const { suite, writers } of TARGETS) expect(rows).toContain(`${suite} ${writers}`);
});

test('the table has ratios to each peer, what disturbed the runs, and what failed', () => {
  const results = someResults(['--only', 'rekor', '--writers', '64', '--runs', '2'], (key) => {
    if (key === 'rekor/64/peer-default/2') return { failed: 'it ended | so\nand more' };
    if (key.includes('peer-best')) return { rate: 10, p50: 1_000, generatorCores: 0.97, failures: 3 };
    if (key.includes('peer')) return { rate: 2, p50: null, disk: { p50: 1, p99: 9, noisy: true } };
    return { rate: 1_234.5, p50: 8.314, othersCores: key.endsWith('1') ? 0.5 : 0 };
  });
  const text = report(results);
  expect(text).toContain(
    '| 64 | Tilewright | 1235 | 8.31 | 15.0 | 20.0 | 0.50 | 100 | 0 | 0.20 | others busy in 1 of 2 |',
  );
  expect(text).toMatch(
    /\| 64 \| rekor-server-posix, best \| 10.0 \| 1000 .* \| 6 \| 0.97 \| BOUNDED BY THE LOAD in 2 of 2 \|/,
  );
  expect(text).toMatch(/defaults \| 2.00 \| — .* \| disk noisy, failed: it ended \/ so \|/);
  expect(text).toContain('| 64 | *Tilewright / rekor-posix, best* | 123× | 0.0083× | 1.0× | 1.0× | 1.0× | 1.0× |');
  expect(text).toContain('| 64 | *Tilewright / rekor-posix, defaults* | 617× | — |');
  expect(text).toContain('| rekor | 64 | p50 ms | ≤ 35 | 8.31 | met |');
  expect(text).toContain('2 × some, shared with the load; Node v24.0.0; commit abc1234.');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

test('who was not needed has no line, and a run that is not done says so', () => {
  const raw = someResults(['--only', 'raw', '--writers', '512', '--runs', '1'], (key) =>
    key.includes('roomy') ? { skipped: 'the defaults pushed nobody back' } : { p50: null, p95: null, p99: null },
  );
  expect(report(raw).match(/^\| 512 .*16,384.*$/gm)).toBeNull();
  expect(report(raw)).toContain('Hammer has no percentiles (—)');
  const { 'raw/512/tessera/1': _, ...rest } = raw.results;
  const text = report({ ...raw, results: rest });
  expect(text).toMatch(/\| 512 \| Tessera POSIX \| — .*not measured yet \|/);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});
