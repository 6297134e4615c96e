export type { CheckpointStore, StoredCheckpoint, Version } from './checkpoint-store.ts';
export type { DedupeIndex } from './dedupe-index.ts';
export type { LogEvent, LogEvents } from './log-events.ts';
export type { ObjectStore } from './object-store.ts';
export { type Batch, type CommittedTree, HALTED, type Head, type SequenceStore, type Token } from './sequence-store.ts';
export type { SignedCheckpoints } from './signed-checkpoints.ts';
export type { Cosigned, CosignRequest, Witnesses } from './witnesses.ts';
export type { Clock, Entropy } from './world.ts';
