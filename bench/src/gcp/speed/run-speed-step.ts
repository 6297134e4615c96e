import type { RunFigures, RunLength } from '../../load/run-figures.ts';
import { runOnce } from '../../load/run-once.ts';
import { requestsNeeded } from '../../load/run-step.ts';
import { type RequestPool, requestPool } from '../../requests/pool.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import { serverOf } from '../servers/servers.ts';
import { startServices } from '../servers/services.ts';
import type { SpeedStep } from './rows.ts';
import { runReplicas } from './run-replicas.ts';

/** Runs one measurement on a log of its own, in a database and a bucket of their own. */
export async function runSpeedStep(
  { row, contestant, run }: SpeedStep,
  length: RunLength,
  workspace: WorkspaceDir,
  pool: RequestPool,
): Promise<RunFigures> {
  const name = `${row.writers}-${row.replicas}-${contestant.id}-${run}`;
  const services = await startServices();
  try {
    const places = await Promise.all(Array.from({ length: row.replicas }, (_, i) => workspace.place(`${name}-${i}`)));
    const commands = places.map((place) => serverOf(contestant, place, services));
    const [command] = commands;
    const [place] = places;
    if (command === undefined || place === undefined) throw new Error('a row has at least one replica');
    if (row.replicas > 1) return await runReplicas(commands, place.storageDir, pool, row.writers, length);
    return await runOnce(command, place, pool, row.writers, length);
  } finally {
    await services.stop();
  }
}

/** The requests of all steps: none is sent twice to one log. */
export function enoughRequests(
  steps: readonly SpeedStep[],
  length: RunLength,
  say: (line: string) => void,
): Promise<RequestPool> {
  const sizes = steps.map(({ row }) => requestsNeeded(row.writers, length));
  return requestPool(Math.max(...sizes), (done) => {
    if (done % 50_000 === 0) say(`  preparing requests: ${done}`);
  });
}
