/**
 * Why a trust document was refused.
 * - `malformed`: not JSON, nested too deeply, or a value of the wrong type
 * - `duplicate`: a JSON key, a log, or an authority occurs twice
 * - `unknown-field`, `missing-field`: the field set of the format is closed
 * - `unsupported`: a media type, algorithm, key type or selector that is known elsewhere and not accepted here
 * - `bad-value`: base64, time, URL or number outside its strict form or range
 * - `key-mismatch`: a public key is not of the kind that its `keyDetails` says
 */
export type TrustErrorCode =
  | 'malformed'
  | 'duplicate'
  | 'unknown-field'
  | 'missing-field'
  | 'unsupported'
  | 'bad-value'
  | 'key-mismatch';

/** The one error class of this package. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
  readonly code: TrustErrorCode;
  /** Where in the document, for example `tlogs[0].publicKey.rawBytes`; empty for the document itself. */
  readonly path: string;

  constructor(code: TrustErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(path === '' ? message : `${path}: ${message}`, options);
    this.code = code;
    this.path = path;
  }
}
