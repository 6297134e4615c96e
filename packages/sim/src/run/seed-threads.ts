import { Worker } from 'node:worker_threads';
import { joinResults, NO_RESULTS, type SeedRange, type SeedResults } from './run-seeds.ts';

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
  const waiting = new Map<number, SeedResults>();
  let handedOut = range.from;
  let progress: Progress = { next: range.from, results: NO_RESULTS };
  let goesOn = true;
  const finished = (from: number, results: SeedResults): void => {
    waiting.set(from, results);
    for (let next = waiting.get(progress.next); next !== undefined; next = waiting.get(progress.next)) {
      waiting.delete(progress.next);
      progress = { next: progress.next + next.histories, results: joinResults(progress.results, next) };
      goesOn &&= onProgress(progress);
    }
  };
  const attend = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    try {
      while (goesOn && handedOut < end) {
        const chunk: SeedRange = { ...range, from: handedOut, count: Math.min(CHUNK, end - handedOut) };
        handedOut += chunk.count;
        finished(chunk.from, await ask(worker, chunk));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: jobs }, attend));
  return progress;
}

function ask(worker: Worker, chunk: SeedRange): Promise<SeedResults> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (results: SeedResults) => {
      worker.removeListener('error', reject);
      resolve(results);
    });
    worker.postMessage(chunk);
  });
}
