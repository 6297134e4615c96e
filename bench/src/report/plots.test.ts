import { expect, test } from 'vitest';
import { contestantOf } from '../load/plan/contestants.ts';
import { someFigures } from '../load/testing/some-figures.ts';
import { panelChart } from './panel-chart.ts';
import { reportPlots } from './plots.ts';
import { spreadLabels } from './spread-labels.ts';
import { mediansOf, type ReportRow } from './summarize.ts';

function row(writers: number, id: string, rate: number, p50: number | null = 10): ReportRow {
  const runs = [
    someFigures({ rate, p50 }),
    someFigures({ rate: rate * 1.2, p50 }),
    someFigures({ rate: rate * 0.9, p50 }),
  ];
  return { suite: 'rekor', writers, contestant: contestantOf('rekor', id), runs, medians: mediansOf(runs), notes: [] };
}

test('labels are moved apart, and stay within their plot', () => {
  expect(spreadLabels([50, 100], 15, 0, 200)).toEqual([50, 100]);
  expect(spreadLabels([100, 101, 99], 15, 0, 200)).toEqual([114, 129, 99]);
  expect(spreadLabels([198, 200, 199], 15, 0, 200)).toEqual([170, 200, 185]);
  expect(spreadLabels([-5, 0], 15, 10, 200)).toEqual([10, 25]);
  expect(spreadLabels([], 15, 0, 200)).toEqual([]);
});

test('a plot has a labelled line for each server, with its medians and the range of its runs', () => {
  const rows = [row(1, 'ours', 100), row(512, 'ours', 9_000), row(1, 'peer-best', 1), row(512, 'peer-best', 500)];
  const plots = reportPlots(rows);
  expect(plots.map(({ name }) => name)).toEqual(['throughput', 'latency', 'cpu', 'memory']);
  const [throughput, latency] = plots;
  expect(throughput?.svg.match(/class="line /g)).toHaveLength(2);
  expect(throughput?.svg.match(/<circle/g)).toHaveLength(4);
  expect(throughput?.svg.match(/class="range /g)).toHaveLength(4);
  expect(throughput?.svg).toContain('Tilewright: 9000');
  expect(throughput?.svg).toContain('rekor-posix, best: 500');
  expect(latency?.svg.match(/class="heading"/g)).toHaveLength(3);
  for (const { svg } of plots) {
    expect(svg).toMatch(/^<svg xmlns=/);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|href=|url\(/);
  }
});

test('more entries a second are drawn higher, and more writers further right', () => {
  const [plot] = reportPlots([row(1, 'ours', 10), row(512, 'ours', 1_000)]);
  const [[x1, y1] = [], [x2, y2] = []] = [
    ...(plot?.svg.matchAll(/<circle class="a" cx="([\d.]+)" cy="([\d.]+)"/g) ?? []),
  ].map(([, x, y]) => [Number(x), Number(y)]);
  expect(x2).toBeGreaterThan(x1 ?? Number.NaN);
  expect(y2).toBeLessThan(y1 ?? Number.NaN);
});

test('what was not measured is left out, and one number of writers makes no plot', () => {
  expect(reportPlots([row(512, 'ours', 9_000), row(512, 'peer-best', 500)])).toEqual([]);
  const rows = [row(1, 'ours', 0, null), row(64, 'ours', 10), row(512, 'ours', 20)];
  expect(reportPlots(rows)[0]?.svg.match(/<circle/g)).toHaveLength(2);
  const single = [{ writers: 5, value: 3, least: 3, most: 3 }];
  const svg = panelChart('a<b', [
    { heading: 'h', unit: 'u', lines: [{ name: 'n&m', tone: 'a', isDashed: true, points: single }] },
  ]);
  expect(svg).toContain('a&lt;b');
  expect(svg).toContain('n&amp;m: 3.00');
  expect(svg).not.toMatch(/NaN|Infinity/);
});
