import { CoreError } from '../core-error.ts';
import type { Branded } from './branded.ts';

/** Length of a SHA-256 digest in bytes. */
export const HASH_SIZE = 32;

/** A SHA-256 digest: 32 bytes. */
export type Hash = Branded<Uint8Array<ArrayBuffer>, 'Hash'>;

/**
 * Marks 32 bytes as a {@link Hash}. Does not copy: the result is the argument.
 *
 * @throws CoreError `malformed` when the length is not 32.
 */
export function asHash(bytes: Uint8Array): Hash {
  if (bytes.length !== HASH_SIZE) {
    throw new CoreError('malformed', `a hash has ${HASH_SIZE} bytes, this value has ${bytes.length}`);
  }
  return bytes as Hash;
}
