import { worldOf } from '../history/worlds.ts';
import type { SimulateOptions } from './options.ts';
import { describeReplay, shrunk } from './replay.ts';
import { type FailedSeed, joinResults, type SeedResults } from './run-seeds.ts';
import { type Progress, runSeedThreads } from './seed-threads.ts';

const SAY_EVERY_MS = 2_000;

/** What a run of seeds came to, as it is written down. */
export interface SeedReport extends SeedResults {
  readonly from: number;
  /** The seed to go on with. */
  readonly next: number;
  readonly seconds: number;
  readonly jobs: number;
}

/**
 * Runs the seeds, says how far it is, and tells what broke. `interrupted` ends it early, with what there is by then.
 * With the report of a run that was interrupted it goes on from there, and adds to it.
 */
export async function simulateSeeds(
  options: SimulateOptions,
  say: (line: string) => void,
  interrupted: AbortSignal,
  before?: SeedReport,
): Promise<SeedReport> {
  const { world, jobs } = options;
  const from = before?.next ?? options.from;
  const count = (before?.from ?? options.from) + options.seeds - from;
  const started = performance.now();
  let saidAt = started;
  const onProgress = ({ results }: Progress): boolean => {
    const now = performance.now();
    if (now - saidAt > SAY_EVERY_MS) {
      saidAt = now;
      say(progressLine(results, count, (now - started) / 1000));
    }
    return !interrupted.aborted && results.failed.length < 10;
  };
  const { next, results } = await runSeedThreads({ from, count, world }, jobs, onProgress);
  const seconds = (performance.now() - started) / 1000 + (before?.seconds ?? 0);
  if (interrupted.aborted)
    say(`interrupted: go on with --from ${next} --seeds ${from + count - next}, or with --resume`);
  for (const failed of results.failed.slice(0, 3)) await explain(failed, say);
  const all = before === undefined ? results : joinResults(before, results);
  return { ...all, from: before?.from ?? from, next, seconds, jobs };
}

async function explain({ seed, world, message }: FailedSeed, say: (line: string) => void): Promise<void> {
  say(`seed ${seed} (${world}) broke a promise: ${message}`);
  say(`again: npm run simulate -- --replay ${seed}${world === worldOf(seed) ? '' : ` --world ${world}`}`);
  say('the shortest history that does so:');
  say(describeReplay(world, await shrunk(world, seed)));
}

function progressLine({ histories, steps, failed }: SeedResults, all: number, seconds: number): string {
  const rate = histories / seconds;
  const left = Math.round((all - histories) / rate);
  const broken = failed.length === 0 ? 'no promise broken' : `${failed.length} BROKEN`;
  return `${histories} of ${all} histories, ${Math.round(rate)}/s, ${Math.round(steps / seconds)} steps/s, ${broken}, ${left} s left`;
}

/** The last lines of a run. */
export function describeReport(report: SeedReport): string {
  const { histories, steps, seconds, jobs, failed, from, next } = report;
  const lines = Object.entries(report.counts).map(([what, times]) => `  ${what.padEnd(34)} ${times}`);
  return [
    ...lines,
    `seeds ${from} to ${next - 1}: ${histories} histories, ${steps} steps (${Math.round(steps / Math.max(1, histories))} each) in ${seconds.toFixed(1)} s on ${jobs} threads: ${Math.round(histories / seconds)} histories/s, ${Math.round(steps / seconds)} steps/s`,
    failed.length === 0 ? 'every promise held' : `${failed.length} histories broke a promise`,
    '',
  ].join('\n');
}
