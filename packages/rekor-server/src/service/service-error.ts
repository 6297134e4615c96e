import type { LogEntry } from './log-entry.ts';

/** Why an entry was not created, as a closed set; `status.ts` gives each one its HTTP and gRPC status. */
export type ServiceErrorCode =
  /** The request is not a valid entry; the message says in which way. */
  | 'invalid-request'
  /** The bytes of a gRPC message are no protobuf message. */
  | 'undecodable-message'
  /** The log takes no more entries, for good. */
  | 'frozen'
  /** The log holds the entry already. */
  | 'duplicate'
  /** Too much waits; nothing was logged. */
  | 'overloaded'
  /** The medium is full; nothing was logged. */
  | 'storage-full'
  /** The log is shutting down; nothing was logged. */
  | 'closing'
  /** The leaf would be longer than 65,535 bytes. */
  | 'entry-too-large'
  /** The client went away; the entry may be in the log. */
  | 'canceled'
  /** The request's time ran out; the entry may be in the log. */
  | 'deadline-exceeded'
  /** The log stopped writing while the entry was on its way: it may be in the log. */
  | 'outcome-unknown'
  /** The log could not publish or prove the entry; it may be in the log. */
  | 'not-integrated'
  /** Something that should not happen. */
  | 'internal';

/** A request that failed, as a value: expected outcomes are not thrown. */
export interface ServiceError {
  readonly ok: false;
  readonly code: ServiceErrorCode;
  /** What the client reads. */
  readonly message: string;
  /** `invalid-request`: which rule was broken, such as `bad-signature`. */
  readonly reason?: string | undefined;
  /** `invalid-request`: what exactly is wrong; for the log and the error details. */
  readonly detail?: string | undefined;
  /** `duplicate`: where the log holds the entry. */
  readonly index?: number | undefined;
  /** `duplicate`: the entry as it stands in the log, where it could be proven. */
  readonly existing?: LogEntry | undefined;
  /** Earliest sensible retry, milliseconds from now; only where nothing was logged. */
  readonly retryAfterMs?: number | undefined;
}
