import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Durations in milliseconds: three significant digits. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const MAX_MICROSECONDS = 3_600_000_000;

/** Durations, kept as a histogram with three significant digits: any number of them takes the same room. */
export class Latency {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: MAX_MICROSECONDS, figures: 3 });

  /** Adds a duration in milliseconds. */
  record(ms: number): void {
    this.#histogram.record(Math.min(MAX_MICROSECONDS, Math.max(1, Math.round(ms * 1_000))));
  }

  /** What they are so far; undefined of none. */
  summary(): LatencySummary | undefined {
    const { count, mean, max } = this.#histogram;
    if (count === 0) return undefined;
    const ms = (microseconds: number): number => Number((microseconds / 1_000).toPrecision(4));
    const percentile = (percent: number): number => ms(this.#histogram.percentile(percent));
    return {
      count,
      mean: ms(mean),
      p50: percentile(50),
      p95: percentile(95),
      p99: percentile(99),
      max: ms(max),
    };
  }
}
