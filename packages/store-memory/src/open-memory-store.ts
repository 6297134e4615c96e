import type {
  CheckpointStore,
  Clock,
  DedupeIndex,
  ObjectStore,
  SequenceStore,
  SignedCheckpoints,
} from '@tilewright/log/ports';
import { memoryCheckpoints } from './memory-checkpoints.ts';
import { memoryDedupe } from './memory-dedupe.ts';
import { memoryObjects } from './memory-objects.ts';
import { memorySequence } from './memory-sequence.ts';
import { memorySignedCheckpoints } from './memory-signed-checkpoints.ts';
import { emptyMemoryState, type MemoryState } from './memory-state.ts';

/** The ports over one {@link MemoryState}. */
export interface MemoryStore {
  readonly state: MemoryState;
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly signedCheckpoints: SignedCheckpoints;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex;
}

/**
 * Opens a log's storage in memory. Openings that share `state` are replicas of one log.
 * `minIntervalMs` is the shortest pause between two checkpoints, milliseconds (0 unless said otherwise); the signed
 * floor keeps the pause that it is asked for when the openings share a `clock`.
 */
export function openMemoryStore(
  options: {
    readonly state?: MemoryState;
    readonly minIntervalMs?: number;
    readonly clock?: Pick<Clock, 'monotonicMs'>;
  } = {},
): MemoryStore {
  const state = options.state ?? emptyMemoryState();
  return {
    state,
    objects: memoryObjects(state),
    checkpoints: memoryCheckpoints(state, options.minIntervalMs ?? 0),
    signedCheckpoints: memorySignedCheckpoints(state),
    sequence: memorySequence(state, options.clock),
    dedupe: memoryDedupe(state),
  };
}
