import { encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { type Checkpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { sha256 } from '@tilewright/core/hash';
import { parseNote } from '@tilewright/core/note';

/** The checkpoint of a log that a witness cosigned last. */
export interface WitnessedHead {
  /** The checkpoint as a note with the signatures of the log alone, all of them verified. */
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint;
  /** The time in the latest cosignature of it, seconds since 1970, above 0. It never falls for one log. */
  readonly timestamp: number;
}

/** The head of a note and a time. @throws CoreError `malformed`, `size-unsupported` */
export function witnessedHead(note: Uint8Array, timestamp: number): WitnessedHead {
  return { note, checkpoint: parseCheckpoint(parseNote(note).text), timestamp };
}

/** How a witness names a log where an origin cannot stand: SHA-256 of the origin (tlog-witness, "Monitoring"). */
export function logIdOf(origin: string): Hash {
  return sha256(encodeUtf8(origin));
}
