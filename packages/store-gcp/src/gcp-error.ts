/** What keeps a log on Spanner and Google Cloud Storage from being opened, made or upgraded, as a closed set. */
export type GcpErrorCode =
  /** The name of a database, bucket, prefix or endpoint is not one. */
  | 'bad-place'
  /** The instance, the database or the bucket does not exist. */
  | 'no-place'
  /** The database has none of our tables: `tilewright db init` makes them. */
  | 'no-schema'
  /** The tables are those of an older program: `tilewright db migrate` upgrades them. */
  | 'schema-older'
  /** The tables are those of a newer program. */
  | 'schema-newer'
  /** The tables belong to another log: other origin, other key, other kind of entries. */
  | 'identity-mismatch'
  /** Database and bucket do not hold halves of one log. */
  | 'half-log'
  /** Credentials are missing, or do not allow it. */
  | 'denied'
  /** No answer within the bound. */
  | 'unreachable'
  /** The service refused in a way that is none of the above. */
  | 'failed';

/** Every failure of this package outside the ports; what a port throws is a `LogError`. */
export class GcpError extends Error {
  override readonly name = 'GcpError';
  readonly code: GcpErrorCode;

  constructor(code: GcpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
