import type { Hash } from '@tilewright/core/bytes';
import type {
  CheckpointStore,
  DedupeIndex,
  LogEvents,
  ObjectStore,
  SequenceStore,
  SignedCheckpoints,
} from '@tilewright/log/ports';
import type { StoragePlace } from '../../config/storage-place.ts';

/** Which log is opened for writing, and how. */
export interface Opening {
  readonly identity: { readonly origin: string; readonly logId: Hash; readonly entries: 'rekor' | 'raw' };
  /** 'create' refuses a place where a log is. */
  readonly mode: 'open' | 'create' | 'open-or-create';
  /** Whether duplicates are looked for in an index that outlives the process. */
  readonly dedupe: boolean;
  readonly events: LogEvents;
}

/** A log's storage. `close` lets go of what the log itself does not close. */
export interface LogStores {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex | undefined;
  /** Where there are any: for answers ahead of publication. */
  readonly signedCheckpoints?: SignedCheckpoints | undefined;
  close(): Promise<void>;
}

/** What a log's readers see. */
export interface LogReader {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  close(): Promise<void>;
}

/** A sort of storage, at one place. */
export interface Backend {
  /** The place in a sentence. */
  readonly label: string;
  /** Throws the driver's errors; nothing is held then. */
  open(opening: Opening): Promise<LogStores>;
  reader(): Promise<LogReader>;
  /** Looks for a log that could be opened for writing. */
  find(): Promise<FoundLog>;
  /** The kind of entries of the log there, as far as a reader can tell. Throws for what a newer program wrote. */
  entriesOfReader(): Promise<string | undefined>;
}

/** What is at a place that somebody wants to write to. */
export type FoundLog =
  | { readonly entries: 'rekor' | 'raw' }
  /** There is no log, for this reason. */
  | { readonly none: string };

/** The backend of a place. Those of a cloud are loaded only here, so that nobody else pays for them. */
export async function backendOf(place: StoragePlace): Promise<Backend> {
  if (place.kind === 'gcp') return (await import('./gcp-backend.ts')).gcpBackend(place);
  return (await import('./posix-backend.ts')).posixBackend(place);
}
