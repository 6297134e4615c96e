/**
 * Why a log could not be read, checked or written to.
 * - `network`: no answer: name, connection, TLS, or a broken response
 * - `timeout`: no whole answer within the time that was given
 * - `http-status`: an answer with an unexpected HTTP status
 * - `too-large`: an object or answer beyond what its kind can have
 * - `io`: a file that exists and cannot be read
 * - `aborted`: the caller's signal fired
 * - `missing`: an object that the checkpoint promises is not there
 * - `malformed`: bytes that are not what they should be
 * - `untrusted`: a signature, key, origin or log id that is not the trusted log's
 * - `inconsistent`: a tile, bundle, proof or entry that does not belong to the signed tree
 * - `out-of-range`: an index or size outside the tree
 * - `damaged`: a whole log that failed its check
 * - `unsupported`: known elsewhere and not accepted here
 */
export type ClientErrorCode =
  | 'network'
  | 'timeout'
  | 'http-status'
  | 'too-large'
  | 'io'
  | 'aborted'
  | 'missing'
  | 'malformed'
  | 'untrusted'
  | 'inconsistent'
  | 'out-of-range'
  | 'damaged'
  | 'unsupported';

/** What a {@link ClientError} may know besides its message. */
export interface ClientErrorDetail extends ErrorOptions {
  /** Of an `http-status`. */
  readonly status?: number;
}

/** The one error class of this package. Messages name the file or URL concerned and hold no unbounded input. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  readonly status: number | undefined;

  constructor(code: ClientErrorCode, message: string, detail?: ClientErrorDetail) {
    super(message, detail && 'cause' in detail ? { cause: detail.cause } : undefined);
    this.code = code;
    this.status = detail?.status;
  }
}
