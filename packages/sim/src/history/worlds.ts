import { machineScenario } from '../exhaustive/machine-scenario.ts';
import { freezeScenario, replicasScenario, signedScenario } from '../exhaustive/replicas-scenario.ts';
import { clusterHistory, signedHistory } from './cluster-history.ts';
import type { History } from './history.ts';
import { machineHistory } from './machine-history.ts';
import { witnessedHistory } from './witnessed-history.ts';

/** What histories can be about. */
export const WORLDS = [
  'machine',
  'replicas',
  'witnessed',
  'signed',
  'small-machine',
  'small-replicas',
  'small-freeze',
  'small-signed',
] as const;
/**
 * One of them: the engine on the POSIX driver and its disk, with three witnesses or without, or replicas of it on a store that they share, which answer when a tree is published or when it is signed; the small ones
 * have little to decide, so that every one of their histories can be run.
 */
export type World = (typeof WORLDS)[number];

const HISTORIES: Readonly<Record<World, History>> = {
  machine: machineHistory,
  replicas: clusterHistory,
  witnessed: witnessedHistory,
  signed: signedHistory,
  'small-machine': machineScenario,
  'small-replicas': replicasScenario,
  'small-freeze': freezeScenario,
  'small-signed': signedScenario,
};

/** How a history of `world` runs. */
export function historyOf(world: World): History {
  return HISTORIES[world];
}

/** Which world the history of a seed is about, where nobody says: every other one. */
export function worldOf(seed: number): World {
  return seed % 2 === 0 ? 'machine' : 'replicas';
}
