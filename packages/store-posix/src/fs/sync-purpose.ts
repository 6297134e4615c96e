/**
 * Every place where this driver makes something durable. Each keeps a promise that a power loss would break without
 * it; the mutation gate proves that for each one, by leaving it out.
 */
export const SYNC_PURPOSES = [
  /** The files of a new state directory. */
  'format-file',
  'tree-created',
  'floor-created',
  /** The names in a new state directory. */
  'state-dir',
  /** Before the first checkpoint: the names of the state directory, of the storage directory, and of what leads to it. */
  'state-name',
  'root-name',
  /** At every opening: a segment with copies of all that is not integrated, and its name. */
  'segment-opened',
  'segment-opened-dir',
  /** At every opening: tree and floor as they were read, perhaps from memory only. */
  'tree-opened',
  'floor-opened',
  /** The name of a register whose file was gone. */
  'register-dir',
  /** At every opening: the checkpoint as it was read, and its name. */
  'checkpoint-found',
  'checkpoint-found-dir',
  /** The next segment, made before it is needed, and its name. */
  'segment-prepared',
  'segment-prepared-dir',
  /** One appended record: its entries are in the log once this returned. */
  'segment-record',
  /** The bytes of an object, before it gets its name. */
  'object-data',
  /** The bytes of an object that was there already. */
  'object-found',
  /** The name of an object, or of a directory that leads to one. */
  'object-dir',
  /** The integrated tree: these entries are integrated once this returned. */
  'tree-advanced',
  /** The signed floor: only then is anything signed. */
  'floor-raised',
  /** The bytes of a checkpoint, before it takes the name. */
  'checkpoint-data',
  /** The name `checkpoint`: this tree is published once this returned. */
  'checkpoint-dir',
  /** The mark of a frozen log: when it was frozen, before it gets its name, and the name. */
  'frozen-data',
  'frozen-dir',
  /** The mark of a migration that has not finished, and that it is gone. */
  'migrating-dir',
  'migrated-dir',
  /** At adoption: the files that another program wrote, and their names. */
  'adopted-file',
  'adopted-dir',
  /** At adoption: the new name of the other program's state. */
  'adopted-aside',
  /** At adoption: the names of our state and of everything beside it. */
  'adopted-name',
] as const;

/** Why something is made durable. */
export type SyncPurpose = (typeof SYNC_PURPOSES)[number];
