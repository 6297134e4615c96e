/**
 * Every reason for which this driver makes something durable. Each is a promise that a power loss would break without
 * it; the fault table proves that for each one, by leaving it out.
 */
export const SYNC_PURPOSES = [
  /** The zero-filled file of a new segment, its header and the records that recovery copied into it. */
  'segment-file',
  /** The name of a new segment. */
  'segment-dir',
  /** One appended record: the entry is in the log once this returned. */
  'segment-record',
  /** The zeros that take the place of a torn record. */
  'segment-cut',
  /** The bytes of an object, before it gets its name. */
  'object-data',
  /** The bytes of an object that was there already. */
  'object-found',
  /** The name of an object, or of a directory that leads to one. */
  'object-dir',
  /** The integrated tree. */
  'tree-register',
  /** The signed floor. */
  'floor-register',
  /** The bytes of a checkpoint, before it takes the name. */
  'checkpoint-data',
  /** The name `checkpoint`. */
  'checkpoint-dir',
  /** The files of a new state directory. */
  'state-file',
  /** The names in a new state directory, and its own. */
  'state-dir',
  /** The mark of a frozen log. */
  'frozen-dir',
] as const;

/** Why something is made durable. */
export type SyncPurpose = (typeof SYNC_PURPOSES)[number];
