/**
 * Why an operation of this package failed.
 *
 * - `malformed`: the bytes or text are not what the format says.
 * - `out-of-range`: a number, index or length that the caller passed is outside the documented range.
 * - `size-unsupported`: well-formed, but beyond 2^53-1, the largest index or size that this package handles.
 * - `unknown-key`: no signature by a trusted key, or a key type that this package does not know.
 * - `bad-signature`: a signature that names a trusted key does not verify.
 * - `proof-invalid`: a Merkle proof does not lead to the expected root.
 * - `mismatch`: two well-formed values that must agree do not (a name, an origin, a key id, a tile's width, a tile or entry
 *   and the signed tree).
 * - `missing`: an object that a signed tree promises is not there.
 */
export type CoreErrorCode =
  | 'malformed'
  | 'out-of-range'
  | 'size-unsupported'
  | 'unknown-key'
  | 'bad-signature'
  | 'proof-invalid'
  | 'mismatch'
  | 'missing';

/** The one error class of this package. `message` never holds secrets or unbounded input. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
