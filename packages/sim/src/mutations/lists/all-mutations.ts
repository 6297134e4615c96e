import type { Mutation } from '../mutation.ts';
import { ENGINE_MUTATIONS } from './engine-mutations.ts';
import { SYNC_MUTATIONS } from './sync-mutations.ts';

/** Every mutation of the gate. */
export const ALL_MUTATIONS: readonly Mutation[] = [...SYNC_MUTATIONS, ...ENGINE_MUTATIONS];

/** The mutation of this name. */
export function mutationNamed(name: string): Mutation {
  const found = ALL_MUTATIONS.find((mutation) => mutation.name === name);
  if (found === undefined) throw new Error(`there is no mutation '${name}'`);
  return found;
}
