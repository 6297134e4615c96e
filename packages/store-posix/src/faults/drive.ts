import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SimulatedClock } from '../testing/simulated-clock.ts';

/** More turns than any run of the table takes: a run that needs more hangs. */
const MOST_TURNS = 5_000;

/**
 * Awaits `work` in simulated time: whatever can run without time passing runs, then the clock skips to the next moment
 * at which somebody wakes. Throws when nothing is left that could bring `work` to its end.
 */
export async function drive<T>(clock: SimulatedClock, work: Promise<T>): Promise<T> {
  let settled = false;
  const done = (): void => {
    settled = true;
  };
  work.then(done, done);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    // The simulated disk lives on microtasks: after one turn of the event loop nothing more happens by itself.
    await nextTurn();
    if (settled) return work;
    if (!clock.skip()) throw new Error('the run hangs: nobody waits for time to pass');
  }
  throw new Error('the run hangs: time passes and nothing happens');
}
