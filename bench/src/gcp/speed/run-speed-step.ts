import type { RunFigures } from '../../load/run-figures.ts';
import { requestsNeeded } from '../../load/run-step.ts';
import { type RequestPool, requestPool } from '../../requests/pool.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import type { SpeedStep } from '../plan/rows.ts';
import { serverOf } from '../servers/servers.ts';
import { startServices } from '../servers/services.ts';
import { loadReplicas } from './load-replicas.ts';

/** Runs one measurement on a log of its own, on services of their own. */
export async function runSpeedStep(
  { row, contestant, run }: SpeedStep,
  seconds: number,
  workspace: WorkspaceDir,
  pool: RequestPool,
): Promise<RunFigures> {
  const name = `${row.writers}-${row.replicas}-${contestant.id}-${run}`;
  const services = await startServices();
  try {
    const replicas = Array.from({ length: row.replicas }, (_, at) => workspace.place(`${name}-${at}`));
    const commands = (await Promise.all(replicas)).map((place) => serverOf(contestant, place, services));
    return await loadReplicas(commands, `${workspace.path}/${name}`, pool, row.writers, seconds);
  } finally {
    await services.stop();
  }
}

/** The requests of all steps: none is sent twice to one log. */
export function enoughRequests(
  steps: readonly SpeedStep[],
  seconds: number,
  say: (line: string) => void,
): Promise<RequestPool> {
  const length = { warmUpSeconds: 0, measuredSeconds: seconds };
  const sizes = steps.map(({ row }) => requestsNeeded(row.writers, length));
  return requestPool(Math.max(...sizes), (done) => {
    if (done % 50_000 === 0) say(`  preparing requests: ${done}`);
  });
}
