export { REPLICA_FAULTS } from './replica-faults.ts';
export type { Fault, Scenario, SharedStore } from './stage/shared-store.ts';
