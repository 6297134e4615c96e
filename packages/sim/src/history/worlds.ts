import { clusterHistory } from './cluster-history.ts';
import type { History } from './history.ts';
import { machineHistory } from './machine-history.ts';

/** What histories can be about. */
export const WORLDS = ['machine', 'replicas'] as const;
/** One of them: the engine on the POSIX driver and its disk, or replicas of it on a store that they share. */
export type World = (typeof WORLDS)[number];

const HISTORIES: Readonly<Record<World, History>> = { machine: machineHistory, replicas: clusterHistory };

/** How a history of `world` runs. */
export function historyOf(world: World): History {
  return HISTORIES[world];
}

/** Which world the history of a seed is about, where nobody says: every other one. */
export function worldOf(seed: number): World {
  return seed % 2 === 0 ? 'machine' : 'replicas';
}
