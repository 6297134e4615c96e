import { contestantOf, type SuiteName, suiteOf } from '../load/plan/contestants.ts';
import { figureText, NONE } from './figure-text.ts';
import { type FigureName, figureOf, type ReportRow, ratioOf, rowOf } from './summarize.ts';

/** One figure that ours is to reach: on its own, or as a multiple of the suite's baseline in the same row. */
export interface Target {
  readonly suite: SuiteName;
  readonly writers: number;
  readonly figure: FigureName;
  readonly bound: { readonly atMost: number } | { readonly atLeastTimes: number } | { readonly atMostTimes: number };
}

/** Whether one target was met. */
export interface Verdict {
  readonly suite: SuiteName;
  readonly writers: number;
  /** "entries/s, of rekor-server-posix, best" */
  readonly what: string;
  readonly asked: string;
  readonly reached: string;
  /** Undefined: not measured in this run. */
  readonly met: boolean | undefined;
}

const OURS = 'ours';
const QUARTER = 1 / 4;

const rekor = (writers: number, figure: FigureName, bound: Target['bound']): Target => ({
  suite: 'rekor',
  writers,
  figure,
  bound,
});
const faster = (suite: SuiteName, writers: number, atLeastTimes: number): Target => ({
  suite,
  writers,
  figure: 'rate',
  bound: { atLeastTimes },
});

/** The figures to reach that this run can measure. */
export const TARGETS: readonly Target[] = [
  rekor(1, 'p50', { atMost: 8 }),
  rekor(64, 'p50', { atMost: 35 }),
  rekor(64, 'p99', { atMost: 80 }),
  rekor(64, 'cpuPerThousand', { atMost: 0.35 }),
  faster('rekor', 512, 15),
  rekor(512, 'p99', { atMost: 200 }),
  rekor(512, 'cpuPerThousand', { atMostTimes: QUARTER }),
  faster('rekor', 2048, 4.5),
  rekor(2048, 'p99', { atMost: 500 }),
  rekor(2048, 'cpuPerThousand', { atMostTimes: QUARTER }),
  rekor(2048, 'mainThreadMicroseconds', { atMost: 25 }),
  faster('rekor', 4000, 4.5),
  rekor(4000, 'p99', { atMost: 900 }),
  rekor(4000, 'cpuPerThousand', { atMostTimes: QUARTER }),
  faster('grpc', 512, 10),
  faster('raw', 64, 60),
  faster('raw', 512, 1.3),
  faster('raw', 3000, 1.3),
];

/** The figures to reach that other commands measure. */
export const ELSEWHERE: readonly string[] = [
  'engine alone, and its memory, CPU and start-up at 10^6 and 10^7 entries: `npm run bench:engine -- --largest 10000000`',
  "the server's memory at 10^6 entries: `npm run bench -- --memory`",
];

/** Judges ours by the medians of this run; of targets whose row was not asked for, nothing is said. */
export function verdicts(rows: readonly ReportRow[], targets: readonly Target[] = TARGETS): Verdict[] {
  return targets.flatMap((target) => {
    const ours = rowOf(rows, target.suite, target.writers, OURS);
    return ours === undefined ? [] : [verdict(target, ours, rows)];
  });
}

function verdict({ suite, writers, figure, bound }: Target, ours: ReportRow, rows: readonly ReportRow[]): Verdict {
  const value = figureOf(ours, figure);
  const name = FIGURE_NAMES[figure];
  if ('atMost' in bound) {
    const met = value === null ? undefined : value <= bound.atMost;
    return { suite, writers, what: name, asked: `≤ ${bound.atMost}`, reached: figureText(value), met };
  }
  const { baseline } = suiteOf(suite);
  const times = ratioOf(ours, rowOf(rows, suite, writers, baseline), figure);
  const what = `${name}, of ${contestantOf(suite, baseline).label}`;
  const reached = times === null ? NONE : `${times.toPrecision(3)}×`;
  if ('atLeastTimes' in bound) {
    const met = times === null ? undefined : times >= bound.atLeastTimes;
    return { suite, writers, what, asked: `≥ ${bound.atLeastTimes}×`, reached, met };
  }
  const met = times === null ? undefined : times <= bound.atMostTimes;
  return { suite, writers, what, asked: `≤ ${bound.atMostTimes}×`, reached, met };
}

/** Each figure with its unit. */
export const FIGURE_NAMES: Readonly<Record<FigureName, string>> = {
  rate: 'entries/s',
  p50: 'p50 ms',
  p95: 'p95 ms',
  p99: 'p99 ms',
  cpuPerThousand: 'CPU s per 1,000',
  mainThreadMicroseconds: "main thread's CPU, µs an entry",
  peakMiB: 'peak MiB',
};

/** `met`, `MISSED`, or `not measured`. */
export function verdictWord({ met }: Verdict): string {
  if (met === undefined) return 'not measured';
  return met ? 'met' : 'MISSED';
}
