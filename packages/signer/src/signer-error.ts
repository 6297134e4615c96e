import { CoreError } from '@tilewright/core/error';

/**
 * Why a key could not be used.
 * - `malformed`: the bytes are not what their label says
 * - `unsupported-key`: a known kind of key or file that is not accepted here; the message says how to convert it
 * - `encrypted`: the key is encrypted and no password was given
 * - `wrong-password`: the password does not decrypt the key, or the file is damaged: no format tells which
 * - `bad-origin`: the log's origin cannot be the name of a signed note, or the key file is of a key with another name
 * - `key-mismatch`: a public key does not belong to the private key that it came with
 * - `keyset-malformed`: not a Tink keyset, or a damaged one
 * - `keyset-no-primary`: no key of the keyset is its primary one, or that one is not enabled
 * - `keyset-two-primaries`: two keys of the keyset have the id of the primary one
 * - `keyset-unknown-type`: the primary key is of a type that does not sign checkpoints
 * - `kek-mismatch`: the key encryption key does not decrypt the keyset
 * - `bad-kek`: the file of a key encryption key is absent, others may use it, or it holds no such key
 * - `kms-unavailable`: the key management service did not answer in time, or could not be reached
 * - `kms-refused`: the service answered that it does not do what was asked
 * - `kms-bad-answer`: the service answered something that cannot be true
 * - `kms-missing`: the library of the service is not installed
 * - `bad-uri`: the name of a key that a service or file keeps is not written as such names are
 * - `exists`: a file would be overwritten
 */
export type SignerErrorCode =
  | 'malformed'
  | 'unsupported-key'
  | 'encrypted'
  | 'wrong-password'
  | 'bad-origin'
  | 'key-mismatch'
  | 'keyset-malformed'
  | 'keyset-no-primary'
  | 'keyset-two-primaries'
  | 'keyset-unknown-type'
  | 'kek-mismatch'
  | 'bad-kek'
  | 'kms-unavailable'
  | 'kms-refused'
  | 'kms-bad-answer'
  | 'kms-missing'
  | 'bad-uri'
  | 'exists';

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
