import { joinResults, NO_RESULTS, type SeedRange, type SeedResults } from './run-seeds.ts';
import { inThreads } from './threads.ts';

/** Histories that a thread runs before it reports. */
const CHUNK = 250;

/** How far a run is. */
export interface Progress {
  /** The seed below which every history has been run. */
  readonly next: number;
  readonly results: SeedResults;
}

/**
 * Runs the histories of `range` in `jobs` threads. `onProgress` is told after every chunk, in order of seeds, and stops
 * the run when it returns false.
 */
export async function runSeedThreads(
  range: SeedRange,
  jobs: number,
  onProgress: (progress: Progress) => boolean,
): Promise<Progress> {
  const end = range.from + range.count;
  const done = new Map<number, SeedResults>();
  let handedOut = range.from;
  let progress: Progress = { next: range.from, results: NO_RESULTS };
  let goesOn = true;
  const nextTask = (): { readonly seeds: SeedRange } | undefined => {
    if (!goesOn || handedOut >= end) return undefined;
    const seeds = { ...range, from: handedOut, count: Math.min(CHUNK, end - handedOut) };
    handedOut += seeds.count;
    return { seeds };
  };
  await inThreads(jobs, nextTask, ({ seeds }, results: SeedResults) => {
    done.set(seeds.from, results);
    for (let next = done.get(progress.next); next !== undefined; next = done.get(progress.next)) {
      done.delete(progress.next);
      progress = { next: progress.next + next.histories, results: joinResults(progress.results, next) };
      goesOn &&= onProgress(progress);
    }
  });
  return progress;
}
