import { type GrowthLimits, growth, mebibytes } from '../../soak/memory/limits.ts';
import type { WindowRecord } from '../state/run-record.ts';

/** A server that is watched for less than this is still compiling its code and filling its caches. */
const LONG_SECONDS = 45;
/** The heap differs by 5 MiB from window to window, by what the last reader had in the caches. */
const LONG: GrowthLimits = { heap: 0.35, resident: 0.25 };
const SHORT: GrowthLimits = { heap: 0.5, resident: 1 };
const BETWEEN_RUNS = 0.35;

/** What is compared, for reports. */
export const FLATNESS_RULE: string =
  'Flat means, from the first window without faults of one process to its last: heap after a forced collection (main ' +
  `thread, and workers together) at most ${percent(LONG.heap)} more, resident set of the process tree at most ` +
  `${percent(LONG.resident)} more than the most in the first half, descriptors no more at all but for the next ` +
  `write-ahead segment. In processes watched for less than ${LONG_SECONDS} s: ${percent(SHORT.heap)} and ` +
  `${percent(SHORT.resident)}. From the most of the first run to the last window of the last run: heap and resident set ` +
  `at most ${percent(BETWEEN_RUNS)} more.`;

/** What grew in the windows of one process. */
export function growthOf(windows: readonly WindowRecord[]): string[] {
  const [first, last] = [windows.at(0), windows.at(-1)];
  const seconds = (last?.round ?? 0) - (first?.round ?? 0);
  return growth(windows, seconds >= LONG_SECONDS ? LONG : SHORT);
}

/**
 * What grew from run to run: the windows of each, the first run's first. Runs that were watched too briefly do not count. Of
 * the first run the most counts: a thread's heap lies at 18 MiB or, once V8 has thrown away the code of its start, at 13.
 */
export function growthBetween(runs: readonly (readonly WindowRecord[])[]): string[] {
  const watched = runs.filter((windows) => (windows.at(-1)?.round ?? 0) - (windows[0]?.round ?? 0) >= LONG_SECONDS);
  const [first, last] = [watched.at(0), watched.at(-1)?.at(-1)];
  if (first === undefined || last === undefined || watched.length < 2) return [];
  const most = (field: 'heap' | 'workerHeap' | 'resident'): number => Math.max(...first.map((window) => window[field]));
  return (['heap', 'workerHeap', 'resident'] as const)
    .filter((field) => last[field] > most(field) * (1 + BETWEEN_RUNS))
    .map((field) => `from run to run ${field} grew from ${mebibytes(most(field))} to ${mebibytes(last[field])}`);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
