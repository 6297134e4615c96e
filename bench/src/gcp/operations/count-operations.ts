import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestPool } from '../../requests/pool.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import type { CountStep } from '../plan/rows.ts';
import { serverOf } from '../servers/servers.ts';
import { withReplicas } from '../servers/with-replicas.ts';
import { type Operations, operationsBetween, startCountedServices } from './counted-services.ts';
import { startPacedLoad } from './paced-load.ts';

/** What was counted. */
export interface Counted extends Omit<CountStep, 'contestant'> {
  /** Of the contestant. */
  readonly id: string;
  readonly seconds: number;
  /** Entries that were accepted meanwhile. */
  readonly entries: number;
  /** Other answers meanwhile, by status. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly operations: Operations;
}

/** How long the load runs before anything is counted: what it begins with is then over. */
const STEADY_MS = 6_000;
/** A log whose last entry is so old has nothing left to do but what it does for ever. */
const IDLE_AFTER_MS = 15_000;

/** Counts for `seconds` of real time what replicas of one new log ask of their services. */
export async function countOperations(
  { contestant, replicas, rate }: CountStep,
  seconds: number,
  workspace: WorkspaceDir,
  pool: RequestPool,
): Promise<Counted> {
  const services = await startCountedServices();
  try {
    const names = Array.from({ length: replicas }, (_, at) => `count-${contestant.id}-${replicas}-${rate}-${at}`);
    const places = await Promise.all(names.map((name) => workspace.place(name)));
    const commands = places.map((place) => serverOf(contestant, place, services));
    return await withReplicas(commands, async () => {
      const ports = places.map((place) => place.ports.http);
      const load = rate === 0 ? undefined : startPacedLoad(ports, rate, pool.path);
      await sleep(rate === 0 ? IDLE_AFTER_MS : STEADY_MS);
      const [answers, before, from] = [load?.answers ?? {}, services.operations(), performance.now()];
      await sleep(seconds * 1000);
      const operations = operationsBetween(before, services.operations());
      const refusals = countsBetween(answers, load?.answers ?? {});
      const elapsed = (performance.now() - from) / 1000;
      await load?.stop();
      const entries = refusals['201'] ?? 0;
      delete refusals['201'];
      return { id: contestant.id, replicas, rate, seconds: elapsed, entries, refusals, operations };
    });
  } finally {
    await services.stop();
  }
}

function countsBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const counts = Object.entries(after).map(([kind, count]): [string, number] => [kind, count - (before[kind] ?? 0)]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
