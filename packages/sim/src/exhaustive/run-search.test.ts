import { expect, test } from 'vitest';
import { DepthFirstChooser } from '../choice/depth-first-chooser.ts';
import { historyOf } from '../history/worlds.ts';
import { runSearch, tasksOf } from './run-search.ts';
import type { Search } from './searches.ts';

test('the parts of a search are all of it, and nothing twice', async () => {
  const search: Search = { name: 'small', world: 'small-replicas', budget: { order: 1, crash: 1, fault: 0 } };
  const chooser = new DepthFirstChooser(search.budget);
  let histories = 0;
  let steps = 0;
  do {
    const outcome = await historyOf(search.world)(chooser, false);
    expect(outcome.broken).toBeUndefined();
    histories += 1;
    steps += outcome.steps;
  } while (chooser.next());
  let inParts = { histories: 0, steps: 0 };
  for (const task of await tasksOf(search)) {
    const part = await runSearch(task);
    inParts = { histories: inParts.histories + part.histories, steps: inParts.steps + part.steps };
  }
  expect(inParts).toEqual({ histories, steps });
  expect(histories).toBeGreaterThan(500);
});
