export { type CheckedLog, checkLog, type VisibleLog } from './check-log.ts';
export { CHECKPOINT_CONTRACT_ORIGIN, checkpointStoreContract } from './checkpoint-store-contract.ts';
export type { ContractSubject, ContractTest } from './contract-case.ts';
export { dedupeIndexContract } from './dedupe-index-contract.ts';
export { objectStoreContract } from './object-store-contract.ts';
export { realClock, realEntropy, recordEvents } from './real-world.ts';
export { sequenceStoreContract } from './sequence-store-contract.ts';
export { signedCheckpointsContract } from './signed-checkpoints-contract.ts';
