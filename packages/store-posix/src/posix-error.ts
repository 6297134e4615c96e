/** Why a directory cannot be opened, created, read or adopted as a log. */
export type PosixErrorCode =
  /** Written by a newer program. */
  | 'format-newer'
  /** Another log: other origin or other key. */
  | 'identity-mismatch'
  /** Another process holds the log. */
  | 'locked'
  /** Something of a log is there and something is missing. */
  | 'half-log'
  /** The path is something else: a file, or a directory that holds no log. */
  | 'not-a-log'
  /** A log is there already, and was to be created. */
  | 'already-a-log'
  /** A log that another program wrote: to be adopted, not opened. */
  | 'foreign-log'
  /** Stored bytes contradict each other or their checksums. */
  | 'corrupt'
  /** The medium cannot be written. */
  | 'read-only'
  /** The medium has no room. */
  | 'full'
  /** Any other failure of the file system. */
  | 'io';

/** Where the evidence of a {@link PosixError} lies. */
export interface PosixErrorDetail extends ErrorOptions {
  /** Path relative to the storage directory. */
  readonly path?: string;
  /** Byte offset within {@link path}. */
  readonly offset?: number;
}

/** A directory that cannot be used as it is; the message says what to do. Once it is open, the ports throw `LogError`. */
export class PosixError extends Error {
  override readonly name = 'PosixError';
  readonly code: PosixErrorCode;
  readonly path: string | undefined;
  readonly offset: number | undefined;

  constructor(code: PosixErrorCode, message: string, detail?: PosixErrorDetail) {
    super(message, detail && 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.path = detail?.path;
    this.offset = detail?.offset;
  }
}
