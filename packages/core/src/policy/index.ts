export type { PolicyCheckpoint, VerifierOf } from './open-with-policy.ts';
export { openWithPolicy } from './open-with-policy.ts';
export { parsePolicy } from './parse-policy.ts';
export type { Policy, PolicyGroup, PolicyLog, PolicyMember, PolicyWitness } from './policy.ts';
export { isQuorum } from './policy.ts';
