/** Why the server could not start, as a closed set. */
export type ServerErrorCode =
  /** Another process listens there. */
  | 'port-busy'
  /** This user may not listen there. */
  | 'port-forbidden'
  /** No network interface of this machine has the address, or the name does not resolve. */
  | 'address-unavailable'
  /** Two listeners at one address, port 0, or half a certificate: the configuration contradicts itself. */
  | 'bad-options'
  /** A certificate or its key cannot be read, or they do not fit. */
  | 'bad-certificate'
  /** A thread that checks signatures, or one that serves clients, did not come up. */
  | 'worker-failed';

/** Every failure of this package that reaches the app. Messages say what to do. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
