/**
 * Why an entry was refused, or a helper of this package could not answer.
 *
 * - `malformed-request`: the bytes are not a CreateEntryRequest, in ProtoJSON or on the wire.
 * - `unknown-type`: the request asks for no kind of entry, or for one that the rules do not accept.
 * - `missing-field`: a field that the kind demands is absent or empty.
 * - `malformed-key`: the public key or certificate cannot be parsed.
 * - `unsupported-algorithm`: the key, or the key with this digest algorithm, is not one the rules permit.
 * - `digest-length`: the digest is not as long as its algorithm makes it.
 * - `bad-signature`: the signature does not verify.
 * - `too-many`: more signatures or verifiers than the limit.
 * - `unknown-flag`: an algorithm's flag name does not exist.
 */
export type EntryErrorCode =
  | 'malformed-request'
  | 'unknown-type'
  | 'missing-field'
  | 'malformed-key'
  | 'unsupported-algorithm'
  | 'digest-length'
  | 'bad-signature'
  | 'too-many'
  | 'unknown-flag';

/** The one error class of this package. `message` never holds secrets or unbounded input. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
  readonly code: EntryErrorCode;

  constructor(code: EntryErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Runs `work`; the message of an EntryError that it throws gets `context` in front. */
export function inContext<T>(context: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof EntryError)) throw cause;
    throw new EntryError(cause.code, `${context}: ${cause.message}`, { cause });
  }
}
