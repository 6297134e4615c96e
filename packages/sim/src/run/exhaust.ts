import { type SearchResults, type SearchTask, tasksOf } from '../exhaustive/run-search.ts';
import { SEARCHES, type Search } from '../exhaustive/searches.ts';
import type { World } from '../history/worlds.ts';
import { describeReplay, replay } from './replay.ts';
import { inThreads } from './threads.ts';

const SAY_EVERY_MS = 2_000;

/** What one search came to. */
export interface SearchReport extends SearchResults {
  readonly name: string;
  readonly world: World;
  readonly seconds: number;
}

/** What the exhaustive mode came to. */
export interface ExhaustiveReport {
  readonly schedules: number;
  readonly seconds: number;
  readonly jobs: number;
  readonly searches: readonly SearchReport[];
}

/** Goes through every history of every search. */
export async function exhaust(jobs: number, say: (line: string) => void): Promise<ExhaustiveReport> {
  const started = performance.now();
  const searches: SearchReport[] = [];
  for (const search of SEARCHES) {
    const report = await exhaustOne(search, jobs, say);
    searches.push(report);
    for (const { decisions, message } of report.failed.slice(0, 2)) {
      say(`${search.name}: ${message}`);
      say(describeReplay(search.world, await replay(search.world, decisions)));
    }
  }
  const schedules = searches.reduce((sum, { histories }) => sum + histories, 0);
  return { schedules, seconds: (performance.now() - started) / 1000, jobs, searches };
}

async function exhaustOne(search: Search, jobs: number, say: (line: string) => void): Promise<SearchReport> {
  const started = performance.now();
  const tasks = await tasksOf(search);
  let handedOut = 0;
  let saidAt = started;
  let all: SearchResults = { histories: 0, steps: 0, failed: [] };
  const nextTask = (): { readonly search: SearchTask } | undefined => {
    const task = all.failed.length > 0 ? undefined : tasks[handedOut++];
    return task && { search: task };
  };
  await inThreads(jobs, nextTask, (_task, { histories, steps, failed }: SearchResults) => {
    all = {
      histories: all.histories + histories,
      steps: all.steps + steps,
      failed: [...all.failed, ...failed],
    };
    const now = performance.now();
    if (now - saidAt < SAY_EVERY_MS) return;
    saidAt = now;
    const rate = Math.round(all.histories / ((now - started) / 1000));
    say(
      `${search.name}: ${Math.min(handedOut, tasks.length)} of ${tasks.length} parts, ${all.histories} schedules, ${rate}/s`,
    );
  });
  return { ...all, name: search.name, world: search.world, seconds: (performance.now() - started) / 1000 };
}

/** The last lines of the exhaustive mode. */
export function describeExhaustive({ schedules, seconds, jobs, searches }: ExhaustiveReport): string {
  const lines = searches.map(({ name, histories, steps, failed, seconds: taken }) => {
    const verdict = failed.length === 0 ? 'every promise held' : 'A PROMISE WAS BROKEN';
    return `${name}: ${histories} distinct schedules, ${steps} steps, ${taken.toFixed(1)} s, ${verdict}`;
  });
  return [...lines, `${schedules} distinct schedules in ${seconds.toFixed(1)} s on ${jobs} threads`, ''].join('\n');
}
