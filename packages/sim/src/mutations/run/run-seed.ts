import { SeededChooser } from '../../choice/seeded-chooser.ts';
import { clusterHistory } from '../../history/cluster-history.ts';
import { machineHistory } from '../../history/machine-history.ts';

/** Runs the history of `seed`; what was broken in it, or nothing. */
export async function runSeed(world: 'machine' | 'replicas', seed: number): Promise<unknown> {
  const history = world === 'machine' ? machineHistory : clusterHistory;
  const { broken } = await history(new SeededChooser(seed), false);
  return broken;
}
