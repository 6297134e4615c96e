/** What went wrong, as a closed set: the edges map each to an HTTP, gRPC or exit status in one table. */
export type LogErrorCode =
  /** Refused before an index existed: too much is queued, unintegrated or unindexed. Try again later. */
  | 'pushback'
  /** Refused before an index existed: the medium is full. Reads go on; writing resumes when there is room. */
  | 'storage-full'
  /** The log takes no more entries, for good. */
  | 'frozen'
  /** The log is shutting down and takes no more entries. */
  | 'closing'
  /** The entry is longer than 65,535 bytes. */
  | 'entry-too-large'
  /** The caller's signal fired; the entry may still be in the log. */
  | 'aborted'
  /** Nobody knows whether the entry is durable; it may be in the log. */
  | 'outcome-unknown'
  /** A write or a sync failed: nothing more is written on this medium before a restart. */
  | 'storage-failed'
  /** An immutable path would have had to change its bytes. The log is frozen with both kept. */
  | 'object-conflict'
  /** A size below the signed floor, or a second root at one size. */
  | 'fork'
  /** Stored bytes contradict each other or their checksums. */
  | 'corrupt'
  /** Something of a log is there and something is missing. */
  | 'half-log'
  /** The storage belongs to another log: other origin, other key. */
  | 'identity-mismatch'
  /** The storage was written by a newer program. */
  | 'format-newer'
  /** Another process holds the log, or this one has lost its lock. */
  | 'locked'
  /** The log's key did not sign: a service that keeps it may be down. Nothing was published; it is tried again. */
  | 'signer-failed'
  /** An inclusion proof of our own did not verify. */
  | 'proof-failed'
  /** The index or path is not (yet) part of the published log. */
  | 'not-found';

/** Which limit refused an entry. */
export type PushbackReason = 'queue' | 'integration' | 'dedupe' | 'storage' | 'witness';

/** Evidence of a {@link LogError}: small, and never an entry's bytes. */
export interface LogErrorDetail extends ErrorOptions {
  readonly reason?: PushbackReason;
  /** Storage path (relative to the log's root) that the error is about. */
  readonly path?: string;
  /** Byte offset within {@link path}. */
  readonly offset?: number;
  /** Earliest sensible retry, milliseconds from now. */
  readonly retryAfterMs?: number;
}

/** Every failure of the log engine and of its storage drivers. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;
  readonly reason: PushbackReason | undefined;
  readonly path: string | undefined;
  readonly offset: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: LogErrorCode, message: string, detail?: LogErrorDetail) {
    super(message, detail && 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.reason = detail?.reason;
    this.path = detail?.path;
    this.offset = detail?.offset;
    this.retryAfterMs = detail?.retryAfterMs;
  }
}

/** Whether `error` is a {@link LogError} with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly LogErrorCode[]): error is LogError {
  return error instanceof LogError && codes.includes(error.code);
}
