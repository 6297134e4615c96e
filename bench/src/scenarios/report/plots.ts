import type { LoadResult } from '../load-result.ts';
import type { Bucket } from '../measure/series.ts';
import { columnPlot } from './column-plot.ts';
import { linePlot, type Point } from './line-plot.ts';

/** A plot with its heading. */
export interface Plot {
  readonly heading: string;
  readonly svg: string;
}

const ERROR_TONES = ['c', 'b', 'd', 'e', 'g', 'a', 'f'] as const;

/** The plots of a run, in the order of the page. */
export function plots(result: LoadResult): Plot[] {
  const { series, seconds, cpu } = result;
  const { buckets, bucketSeconds } = series;
  const points = (value: (bucket: Bucket) => number | undefined): Point[] =>
    buckets.map((bucket) => ({ at: bucket.at, value: value(bucket) }));
  const cores = (value: (sample: (typeof cpu)[number]) => number | undefined): Point[] =>
    cpu.map((sample) => ({ at: Math.min(seconds, (sample.atMs - series.fromMs) / 1_000), value: value(sample) }));
  const every = `each point ${bucketSeconds} s`;
  return [
    {
      heading: `Latency of what was answered as it should be (${every})`,
      svg: linePlot({
        unit: 'ms',
        seconds,
        isLog: true,
        lines: [
          { name: 'p99', tone: 'c', points: points(({ latency }) => latency?.p99) },
          { name: 'p95', tone: 'b', points: points(({ latency }) => latency?.p95) },
          { name: 'p50', tone: 'a', points: points(({ latency }) => latency?.p50) },
        ],
      }),
    },
    {
      heading: `Throughput (${every})`,
      svg: linePlot({
        unit: 'answers a second',
        seconds,
        lines: [
          { name: 'as they should be', tone: 'good', points: points(({ expected }) => expected) },
          { name: 'not as they should be', tone: 'bad', points: points(({ unexpected }) => unexpected) },
        ],
      }),
    },
    { heading: 'Errors by kind', svg: errorPlot(result) },
    {
      heading: 'Virtual users',
      svg: linePlot({ unit: 'users', seconds, lines: [{ name: 'users', tone: 'd', points: series.users }] }),
    },
    {
      heading: 'Processors',
      svg: linePlot({
        unit: 'cores busy',
        seconds,
        lines: [
          { name: 'whole machine', tone: 'f', points: cores(({ machine }) => machine) },
          ...(cpu.some(({ server }) => server !== undefined)
            ? [{ name: 'server', tone: 'e', points: cores(({ server }) => server) }]
            : []),
          { name: 'k6', tone: 'd', points: cores(({ k6 }) => k6) },
        ],
      }),
    },
  ];
}

function errorPlot({ series: { buckets, bucketSeconds }, seconds, generator }: LoadResult): string {
  const columns = buckets.map(({ at, errors, dropped }) => ({
    at,
    counts: dropped === 0 ? errors : { ...errors, [DROPPED]: dropped },
  }));
  const names = [...new Set(columns.flatMap(({ counts }) => Object.keys(counts)))].sort();
  if (names.length === 0 && generator.dropped === 0) return '<p class="soft">None.</p>';
  const kinds = names.map((name, i) => ({ name, tone: ERROR_TONES[i % ERROR_TONES.length] ?? 'f' }));
  return columnPlot({ unit: `count in ${bucketSeconds} s`, seconds, width: bucketSeconds, columns, kinds });
}

const DROPPED = 'not sent: no virtual user was free';
