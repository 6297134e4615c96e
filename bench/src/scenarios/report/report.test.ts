import { expect, test } from 'vitest';
import type { LoadResult } from '../load-result.ts';
import { judgeGenerator } from '../measure/generator.ts';
import { makeSeries } from '../measure/series.ts';
import { columnPlot } from './column-plot.ts';
import { describeResult } from './describe-result.ts';
import { linePlot } from './line-plot.ts';
import { reportPage } from './report-page.ts';
import { linearScale, logScale, timeScale } from './scales.ts';

test('scales: round marks that hold every value', () => {
  expect(linearScale(73).ticks).toEqual([0, 20, 40, 60, 80]);
  expect(linearScale(0.3).ticks).toEqual([0, 0.1, 0.2, 0.3]);
  expect(linearScale(0).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(logScale(3, 80).ticks).toEqual([2, 5, 10, 20, 50, 100]);
  expect(logScale(5, 5).ticks).toEqual([5, 10]);
  expect(logScale(0.02, 30_000).ticks).toEqual([0.02, 0.1, 1, 10, 100, 1_000, 10_000, 50_000]);
  expect(timeScale(8.2).ticks).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (const scale of [linearScale(73), logScale(3, 80), timeScale(8.2)]) {
    for (const value of [3, 5.5, 8]) expect(scale.at(value)).toBeGreaterThanOrEqual(0);
    expect(scale.at(8)).toBeLessThanOrEqual(1);
    expect(scale.at(8)).toBeGreaterThan(scale.at(5.5));
  }
});

test('a line has a gap where there is no value, and a lone value is a dot', () => {
  const points = [1, 2, undefined, 4].map((value, at) => ({ at, value }));
  const svg = linePlot({ unit: 'ms', seconds: 4, lines: [{ name: 'a<b', tone: 'a', points }] });
  expect(svg.match(/<polyline/g)).toHaveLength(1);
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).toContain('a&lt;b');
  expect(svg).not.toContain('NaN');
  expect(linePlot({ unit: 'ms', seconds: 0, isLog: true, lines: [] })).not.toContain('NaN');
});

test('columns are stacked, and as high as their counts', () => {
  const kinds = ['x', 'y'].map((name) => ({ name, tone: name }));
  const svg = columnPlot({ unit: 'n', seconds: 2, width: 1, columns: [{ at: 0.5, counts: { x: 1, y: 3 } }], kinds });
  const boxes = [...svg.matchAll(/<rect class="(\w) dot"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"/g)].map((m) =>
    m.slice(1),
  );
  const [[, lowTop, low] = [], [, highTop, high] = []] = boxes;
  expect(Number(high)).toBeCloseTo(3 * Number(low), 0);
  expect(Number(highTop) + Number(high)).toBeCloseTo(Number(lowTop), 1);
});

function someResult(more: Partial<LoadResult> = {}): LoadResult {
  const kind = { request: 'write', answer: '<b>HTTP 500</b>', isExpected: false };
  const good = { request: 'write', answer: 'HTTP 201', isExpected: true };
  const answers = [5, 9, 60, 7].map((ms, i) => ({ kind: i === 2 ? kind : good, atMs: 1_000 + i * 400, ms }));
  const cpu = [{ atMs: 1_500, k6: 0.2, server: 0.5, machine: 1 }];
  return {
    scenario: 'arrival',
    about: 'writes & more',
    target: { url: 'http://127.0.0.1:1/"x"', isOurs: false },
    startedAt: '2026-01-01T00:00:00.000Z',
    size: { seconds: 2, rate: 3, vus: 4 },
    count: 6,
    seconds: 1.2,
    requests: 4,
    perSecond: 2.5,
    areRequestsUsedUp: true,
    series: makeSeries({ answers, users: [{ atMs: 1_200, value: 2 }], dropped: [{ atMs: 1_300, value: 5 }] }, 'write'),
    verdicts: [
      { threshold: 'answer_ms p(95)<=20', value: 9, held: true },
      { threshold: 'failed rate<=0.01', value: 0.25, held: false },
    ],
    generator: judgeGenerator(cpu, 5, 2),
    cpu,
    ok: false,
    ...more,
  };
}

test('the page needs nothing from elsewhere, runs nothing, and shows what was measured', () => {
  const page = reportPage(someResult());
  expect(page).not.toMatch(/<script|\son\w+=|<link|src=|href=|url\(|@import/i);
  expect(page).not.toContain('<b>HTTP 500</b>');
  expect(page).toContain('&lt;b&gt;HTTP 500&lt;/b&gt;');
  expect(page).toContain('A threshold is broken.');
  expect(page).toContain('k6 dropped 5 iterations');
  expect(page).toContain('It ended early');
  expect(page.match(/<svg /g)).toHaveLength(5);
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(reportPage(someResult({ ok: true, verdicts: [] }))).toContain('Every threshold held.');
});

test('the words for a terminal say the same', () => {
  const text = describeResult(someResult());
  expect(text).toContain('held   answer_ms p(95)<=20: 9');
  expect(text).toContain('BROKEN failed rate<=0.01: 0.250');
  expect(text).toContain('NOTE k6 dropped 5 iterations');
  expect(text).toMatch(/<b>HTTP 500<\/b> +1 .*NOT EXPECTED/);
});
