import { CoreError } from '@tilewright/core/error';

/**
 * Why a key could not be used.
 * - `malformed`: the bytes are not what their label says, or a key's halves do not belong together
 * - `unsupported-key`: a known kind of key or file that is not accepted here; the message says how to convert it
 * - `encrypted`: the key is encrypted and no password, or a wrong one, was given
 * - `bad-origin`: the log's origin cannot be the name of a signed note
 */
export type SignerErrorCode = 'malformed' | 'unsupported-key' | 'encrypted' | 'bad-origin';

/** The one error class of this package. Messages never hold key material. */
export class SignerError extends Error {
  override readonly name = 'SignerError';
  readonly code: SignerErrorCode;

  constructor(code: SignerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Runs `make`; a `CoreError` of it becomes a `SignerError` with the same words. */
export function inSignerTerms<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new SignerError(cause.code === 'unknown-key' ? 'unsupported-key' : 'malformed', cause.message, { cause });
  }
}
