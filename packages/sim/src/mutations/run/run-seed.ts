import { SeededChooser } from '../../choice/seeded-chooser.ts';
import { historyOf, type World } from '../../history/worlds.ts';

/** Runs the history of `seed`; what was broken in it, or nothing. */
export async function runSeed(world: World, seed: number): Promise<unknown> {
  const { broken } = await historyOf(world)(new SeededChooser(seed), false);
  return broken;
}
