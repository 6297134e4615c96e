import { DepthFirstChooser } from '../choice/depth-first-chooser.ts';
import type { Decision } from '../choice/seeded-chooser.ts';
import { historyOf } from '../history/worlds.ts';
import type { Search } from './searches.ts';

/** The histories of a search that begin with these answers. */
export interface SearchTask {
  readonly search: Search;
  readonly given: readonly number[];
}

/** What came of some of them. */
export interface SearchResults {
  readonly histories: number;
  readonly steps: number;
  readonly failed: readonly { readonly decisions: readonly Decision[]; readonly message: string }[];
}

/** As many failures as are worth looking at. */
const MOST_FAILED = 5;

/** Runs all histories of a task. */
export async function runSearch({ search, given }: SearchTask): Promise<SearchResults> {
  const history = historyOf(search.world);
  const chooser = new DepthFirstChooser(search.budget, given);
  const failed: { decisions: readonly Decision[]; message: string }[] = [];
  let histories = 0;
  let steps = 0;
  do {
    const outcome = await history(chooser, false);
    histories += 1;
    steps += outcome.steps;
    if (outcome.broken === undefined) continue;
    const decisions = chooser.path.map(({ answer }, at) => ({ at, answer })).filter(({ answer }) => answer > 0);
    failed.push({ decisions, message: String(outcome.broken) });
  } while (failed.length < MOST_FAILED && chooser.next());
  return { histories, steps, failed };
}

/**
 * The tasks that a search falls into: the plain history; each that differs from it in one decision; and for each of
 * those and each later decision, all that differ there first.
 */
export async function tasksOf(search: Search): Promise<SearchTask[]> {
  const tasks: SearchTask[] = [];
  for (const once of await branches(search, [])) {
    for (const twice of once.length === 0 ? [] : await branches(search, once)) {
      if (twice.length > once.length) tasks.push({ search, given: twice });
    }
    tasks.push({ search, given: await whole(search, once) });
  }
  return tasks;
}

/** `given` itself, and every beginning that first differs from its plain continuation in one later decision. */
async function branches(search: Search, given: readonly number[]): Promise<(readonly number[])[]> {
  const chooser = new DepthFirstChooser(search.budget, given);
  await historyOf(search.world)(chooser, false);
  const { path } = chooser;
  const answers = path.map(({ answer }) => answer);
  const found: (readonly number[])[] = [given];
  for (let at = given.length; at < path.length; at++) {
    for (let answer = 1; answer < (path[at]?.options ?? 0); answer++) found.push([...answers.slice(0, at), answer]);
  }
  return found;
}

/** Every answer of the history that begins with `given` and goes on plainly. */
async function whole(search: Search, given: readonly number[]): Promise<readonly number[]> {
  const chooser = new DepthFirstChooser(search.budget, given);
  await historyOf(search.world)(chooser, false);
  return chooser.path.map(({ answer }) => answer);
}
