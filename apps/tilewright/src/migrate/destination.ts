import type { CheckpointStore, ObjectStore, SequenceStore } from '@tilewright/log/ports';

/** A store that another log's entries are copied into: the engine's own ports, held by this process alone until it is closed. */
export interface Destination {
  /** The directory or bucket, for messages. */
  readonly label: string;
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  /**
   * A durable mark that keeps everybody but a migration from opening the store, where the medium has one. Without it a store
   * is protected by having no checkpoint, and one that follows its source for a second time is not.
   */
  readonly mark?: UnfinishedMark | undefined;
  close(): Promise<void>;
}

/** See {@link Destination.mark}. Both may be repeated. */
export interface UnfinishedMark {
  /** Before the first entry is appended; durable on return. */
  set(): Promise<void>;
  /** After the checkpoint is published. */
  clear(): Promise<void>;
}
