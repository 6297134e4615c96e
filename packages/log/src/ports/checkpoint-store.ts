import type { Branded } from '@tilewright/core/bytes';

/** Names one version of the checkpoint object; opaque outside its driver. */
export type Version = Branded<string, 'Version'>;

/** A checkpoint note and the version it was read as, from one response. */
export interface StoredCheckpoint {
  readonly note: Uint8Array;
  readonly version: Version;
}

/** The one mutable object of a log. */
export interface CheckpointStore {
  /** The shortest pause between two replacements that the medium allows, in milliseconds. */
  readonly minIntervalMs: number;
  /**
   * No other process can replace the checkpoint, and `replace` itself refuses to go back: a publisher need not look at
   * what is stored before it signs. Where this is not set, it does.
   */
  readonly exclusive?: boolean;
  /** The stored note, or `undefined` when there is none. */
  read(): Promise<StoredCheckpoint | undefined>;
  /**
   * Compare-and-set, durable when it returns a version; 'lost' when the stored version is another.
   * An unknown outcome is settled inside, by comparing the stored bytes with `note`.
   */
  replace(note: Uint8Array, expected: Version | 'absent'): Promise<Version | 'lost'>;
}
