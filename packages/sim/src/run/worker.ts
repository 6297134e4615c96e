import { parentPort } from 'node:worker_threads';
import { runSearch, type SearchTask } from '../exhaustive/run-search.ts';
import { runSeeds, type SeedRange } from './run-seeds.ts';

/** What a thread can be asked to do. */
export type Task = { readonly seeds: SeedRange } | { readonly search: SearchTask };

// Histories are full of errors, and nobody here looks at where they came from: a replay does.
Error.stackTraceLimit = 0;

// A thread that does whatever it is asked, one thing after another, and hands back what came of it.
parentPort?.on('message', (task: Task) => {
  const work = 'seeds' in task ? runSeeds(task.seeds) : runSearch(task.search);
  void work.then((results) => parentPort?.postMessage(results));
});
