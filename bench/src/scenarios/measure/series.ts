import { percentile } from '../../load/percentile.ts';
import type { AnswerKind, AnswerSample, Samples } from '../k6/read-samples.ts';

/** Percentiles of latency, milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What happened in one stretch of the run. */
export interface Bucket {
  /** Its middle, seconds since the first request. */
  readonly at: number;
  /** Of answers of the kind that the scenario is about, and as they should be; undefined without any. */
  readonly latency: Latency | undefined;
  /** Answers as they should be, a second. */
  readonly expected: number;
  /** Answers that should not be, a second. */
  readonly unexpected: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Iterations that found no free virtual user. */
  readonly dropped: number;
}

/** One line of the table of answers. */
export interface AnswerCount extends AnswerKind {
  readonly latency: Latency;
}

/** A run over time, and in sum. */
export interface Series {
  /** When the first request was sent and the last answer came, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucketSeconds: number;
  readonly buckets: readonly Bucket[];
  readonly answers: readonly AnswerCount[];
  /** Virtual users; `at` in seconds since the first request. */
  readonly users: readonly { readonly at: number; readonly value: number }[];
  /** Of answers of the kind that the scenario is about, and as they should be. */
  readonly latency: Latency | undefined;
}

const BUCKET_SECONDS = [0.5, 1, 2, 5, 10, 30, 60];
const MOST_BUCKETS = 120;
/** Errors of one kind in the sum of the run: kinds beyond these are counted together. */
const OTHER = 'other';
const MOST_KINDS = 6;

/** Sums up the samples of a run; `request` is what the scenario is about. */
export function makeSeries(samples: Samples, request: string): Series {
  const { answers } = samples;
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { atMs, ms } of answers) {
    fromMs = Math.min(fromMs, atMs - ms);
    toMs = Math.max(toMs, atMs);
  }
  if (answers.length === 0) [fromMs, toMs] = [0, 0];
  const seconds = (toMs - fromMs) / 1_000;
  const bucketSeconds = BUCKET_SECONDS.find((width) => seconds / width <= MOST_BUCKETS) ?? 60;
  const kinds = groupBy(answers, ({ kind }) => kind);
  const isMain = ({ kind }: AnswerSample): boolean => kind.request === request && kind.isExpected;
  const main = answers.filter(isMain);
  const counts = [...kinds].map(([kind, list]) => ({ ...kind, latency: latencyOf(list) }));
  const named = errorNames(counts);
  const slot = (atMs: number): number => Math.floor((atMs - fromMs) / 1_000 / bucketSeconds);
  const perSlot = groupBy(answers, ({ atMs }) => slot(atMs));
  const droppedIn = groupBy(samples.dropped, ({ atMs }) => slot(atMs));
  const buckets: Bucket[] = [];
  for (let index = 0; index <= slot(toMs) && answers.length > 0; index++) {
    // The last stretch is as long as the run has left of it, or its rates would look like a fall.
    const width = Math.max(0.1, Math.min(bucketSeconds, seconds - index * bucketSeconds));
    if (width < bucketSeconds / 4 && index > 0) break;
    const list = perSlot.get(index) ?? [];
    const mine = list.filter(isMain);
    const good = list.filter(({ kind }) => kind.isExpected).length;
    buckets.push({
      at: index * bucketSeconds + width / 2,
      latency: mine.length === 0 ? undefined : latencyOf(mine),
      expected: good / width,
      unexpected: (list.length - good) / width,
      errors: errorsOf(list, named),
      dropped: (droppedIn.get(index) ?? []).reduce((sum, { value }) => sum + value, 0),
    });
  }
  counts.sort((a, b) => Number(b.isExpected) - Number(a.isExpected) || b.latency.count - a.latency.count);
  return {
    fromMs,
    toMs,
    bucketSeconds,
    buckets,
    answers: counts,
    users: samples.users
      .map(({ atMs, value }) => ({ at: (atMs - fromMs) / 1_000, value }))
      .filter(({ at }) => at >= 0 && at <= seconds),
    latency: main.length === 0 ? undefined : latencyOf(main),
  };
}

/** What an error is called in plots and tables. */
export function errorName({ request, answer }: AnswerKind): string {
  return `${request}: ${answer}`;
}

function errorNames(counts: readonly AnswerCount[]): ReadonlySet<string> {
  const errors = counts.filter(({ isExpected }) => !isExpected).sort((a, b) => b.latency.count - a.latency.count);
  return new Set(errors.slice(0, MOST_KINDS).map(errorName));
}

function errorsOf(list: readonly AnswerSample[], named: ReadonlySet<string>): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const { kind } of list) {
    if (kind.isExpected) continue;
    const name = errorName(kind);
    const shown = named.has(name) ? name : OTHER;
    errors[shown] = (errors[shown] ?? 0) + 1;
  }
  return errors;
}

function latencyOf(samples: readonly AnswerSample[]): Latency {
  const values = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (fraction: number): number => percentile(values, fraction);
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: values.at(-1) ?? Number.NaN };
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  return Map.groupBy(items, key);
}
