/** How key management services are reached, and how long that may take. */
export interface KmsOptions {
  /** How long one try of one call may take, in milliseconds; at least 1. */
  readonly timeoutMs: number;
  /** How often a call is made again that failed for a passing reason; 0 for never. */
  readonly retries: number;
  /**
   * Where Google Cloud KMS answers when not at its own address: `https://HOST[:PORT]`; or `http://HOST:PORT` on the
   * loopback interface, in the clear and without credentials.
   */
  readonly gcpEndpoint?: string | undefined;
  /** As `gcpEndpoint`, for AWS KMS. An endpoint in an `awskms://` URI goes before it. */
  readonly awsEndpoint?: string | undefined;
  /** Ends calls and waits with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Three tries of five seconds: a call ends within some 16 seconds, whatever the service does. */
export const DEFAULT_KMS_OPTIONS: KmsOptions = { timeoutMs: 5000, retries: 2 };
