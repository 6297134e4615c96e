import type {
  CheckpointStore,
  Clock,
  DedupeIndex,
  Entropy,
  LogEvents,
  ObjectStore,
  SequenceStore,
} from '@tilewright/log/ports';
import type { LogIdentity } from './directory/identity.ts';
import type { Fs } from './fs/fs.ts';
import type { Repair } from './recovery/reconcile.ts';
import type { RetentionLimits } from './segment/retention.ts';

const MIB = 1024 * 1024;
/** Sizes and limits, in bytes and milliseconds. Tests make them small. */
export interface PosixLimits {
  /** Size of a write-ahead segment. */
  readonly segmentBytes: number;
  /** Room kept in reserve to publish the backlog on a full disk. */
  readonly reserveBytes: number;
  /** How long segments are kept that nothing needs any more. */
  readonly retention: RetentionLimits;
}

/** What a log's directory is opened with unless told otherwise. */
export const DEFAULT_POSIX_LIMITS: PosixLimits = {
  segmentBytes: 16 * MIB,
  reserveBytes: 16 * MIB,
  // Every start reads and checks what is kept: 1 GiB took 5.8 s from a cold disk.
  retention: { maxAgeMs: 3_600_000, maxBytes: 256 * MIB },
};

/** How to open a log in a directory. */
export interface PosixOptions {
  /** The machine's own file system unless given. */
  readonly fs?: Fs;
  readonly dir: string;
  readonly identity: LogIdentity;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly events: LogEvents;
  /** What may be there: a log; nothing of one; either; for a migration also a log that has no checkpoint yet. */
  readonly mode: 'open' | 'create' | 'open-or-create' | 'migrate';
  /** Whether duplicates are recognised across restarts; 'in-memory' for file systems that SQLite cannot see. */
  readonly dedupe: boolean | 'in-memory';
  readonly limits?: Partial<PosixLimits>;
  /** Levels of the tree that a tile of this log spans, 1 to 8: as the engine is told. 8 unless given. */
  readonly tileHeight?: number;
}

/** What opening found and did. */
export interface PosixRecovery {
  /** The log was made now, or its making goes on: it has no checkpoint yet. */
  readonly created: boolean;
  /** Number of this opening. */
  readonly epoch: number;
  /** Entries integrated. */
  readonly size: number;
  /** Entries sequenced. */
  readonly next: number;
  /** What was damaged and rebuilt; also told as events. */
  readonly repairs: readonly Repair[];
}

/** The mark of a directory that is being filled with another log's entries. While it is there, only mode 'migrate' opens it. */
export interface MigrationMark {
  /** Durable on return. Before the first entry, so that nobody goes on with half of a log. */
  set(): Promise<void>;
  /** When the checkpoint of everything is published. Durable on return. */
  clear(): Promise<void>;
}

/** A log's storage, held by this process until it is closed. */
export interface PosixStore {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex | undefined;
  readonly recovery: PosixRecovery;
  readonly migration: MigrationMark;
  /** Closes everything; the log does so as well when it closes its sequence store and dedupe index. */
  close(): Promise<void>;
}
