import { threadCpuUsage } from 'node:process';
import { type GrowthCase, type GrowthFinding, MOST_GROWTH } from './growth-case.ts';

/** Sizes are the largest divided by these. */
const STEPS: readonly number[] = [16, 8, 4, 2, 1];
/**
 * The same where the largest has many MiB. Over a factor of 16 up to 64 MiB lie the end of the processor's cache and the
 * size from which the allocator maps fresh memory for each result: ASCII costs 0.07 ns a byte at 4 MiB and 0.45 at 64,
 * of which 0.3 are the kernel's. Over 256 these steps weigh half as much, and only the largest size is past both.
 */
const WIDE_STEPS: readonly number[] = [256, 64, 16, 4, 1];
const WIDE_FROM = 2 ** 24;
/** Of so many measurements the shortest counts: whatever else the machine does only makes them longer. */
const REPEATS = 20;
/** So long is one measurement at least, milliseconds: long enough for the clock, too short to be interrupted each time. */
const LEAST_MS = 1;
/** What takes longer than this, milliseconds, is interrupted: of it the processor time of the thread counts. */
const LONG_MS = 15;
const MOST_CALLS = 2 ** 20;
/** After so long, milliseconds, the shortest so far counts. */
const ENOUGH_MS = 400;
/** A slope that is too steep is measured again so often, before it is believed. */
const TRIES = 6;
/** What takes less, milliseconds, does not look at its input. */
const LEAST_TIME = 0.001;

/** Measures how the time of a decoder grows over five sizes up to the largest, each half, or of many MiB a quarter, of the next. */
export function measureGrowth(growth: GrowthCase): GrowthFinding {
  const works = (growth.most < WIDE_FROM ? STEPS : WIDE_STEPS).map((step) => {
    const size = Math.max(1, Math.floor(growth.most / step));
    return { size, work: growth.make(size) };
  });
  for (const { work } of works.toReversed()) shortest(work);
  let found: GrowthFinding | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    const points = works.map(({ size, work }) => ({ size, ms: shortest(work) }));
    const exponent = slope(points);
    if (found !== undefined && found.exponent <= exponent) continue;
    found = { name: growth.name, size: growth.most, ms: points.at(-1)?.ms ?? 0, exponent };
    if (exponent <= MOST_GROWTH) break;
  }
  if (found === undefined) throw new RangeError('a growth is measured at least once');
  return found;
}

/** Time of one call, the shortest of several measurements, milliseconds. */
function shortest(work: () => unknown): number {
  const started = performance.now();
  let calls = 1;
  while (milliseconds(work, calls) < LEAST_MS && calls < MOST_CALLS) calls *= 2;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPEATS; i++) {
    least = Math.min(least, milliseconds(work, calls));
    if (performance.now() - started > ENOUGH_MS) break;
  }
  return least / calls;
}

/** Time of so many calls. */
function milliseconds(work: () => unknown, calls: number): number {
  const before = threadCpuUsage();
  const started = performance.now();
  for (let i = 0; i < calls; i++) work();
  const clock = performance.now() - started;
  if (clock < LONG_MS) return clock;
  // Some systems count the time of a thread by the millisecond: of what is short it says nothing.
  const { user, system } = threadCpuUsage(before);
  return Math.min(clock, Math.max((user + system) / 1000, LEAST_MS));
}

/**
 * The median of the slopes between any two points: one size at which memory is had otherwise, a step of some times, does
 * not bend it.
 */
function slope(points: readonly { readonly size: number; readonly ms: number }[]): number {
  const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(Math.max(ms, LEAST_TIME))] as const);
  const slopes = logs
    .flatMap(([x, y], at) => logs.slice(at + 1).map(([nextX, nextY]) => (nextY - y) / (nextX - x)))
    .toSorted((a, b) => a - b);
  const middle = slopes.length / 2;
  return ((slopes[Math.ceil(middle - 1)] ?? 0) + (slopes[Math.floor(middle)] ?? 0)) / 2;
}
