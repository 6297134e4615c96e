import type { Mutation } from '../mutation.ts';
import { AHEAD_MUTATIONS } from './ahead-mutations.ts';
import { CHECKPOINT_MUTATIONS } from './checkpoint-mutations.ts';
import { DEDUPE_MUTATIONS } from './dedupe-mutations.ts';
import { ENGINE_MUTATIONS } from './engine-mutations.ts';
import { FREEZE_MUTATIONS } from './freeze-mutations.ts';
import { LOCKING_MUTATIONS } from './locking-mutations.ts';
import { OBJECTS_MUTATIONS } from './objects-mutations.ts';
import { PUBLISH_MUTATIONS } from './publish-mutations.ts';
import { RECOVERY_MUTATIONS } from './recovery-mutations.ts';
import { SEGMENT_MUTATIONS } from './segment-mutations.ts';
import { SEQUENCE_MUTATIONS } from './sequence-mutations.ts';
import { SYNC_MUTATIONS } from './sync-mutations.ts';
import { WITNESS_MUTATIONS } from './witness-mutations.ts';

/** Every mutation of the gate. */
export const ALL_MUTATIONS: readonly Mutation[] = [
  ...SYNC_MUTATIONS,
  ...SEQUENCE_MUTATIONS,
  ...SEGMENT_MUTATIONS,
  ...RECOVERY_MUTATIONS,
  ...OBJECTS_MUTATIONS,
  ...CHECKPOINT_MUTATIONS,
  ...LOCKING_MUTATIONS,
  ...ENGINE_MUTATIONS,
  ...PUBLISH_MUTATIONS,
  ...DEDUPE_MUTATIONS,
  ...WITNESS_MUTATIONS,
  ...FREEZE_MUTATIONS,
  ...AHEAD_MUTATIONS,
];

/** The mutation of this name. */
export function mutationNamed(name: string): Mutation {
  const found = ALL_MUTATIONS.find((mutation) => mutation.name === name);
  if (found === undefined) throw new Error(`there is no mutation '${name}'`);
  return found;
}
