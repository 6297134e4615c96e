import { EntryError } from '../entry-error.ts';
import type { HashName } from '../signature/verify-signature.ts';
import { ALGORITHMS, isKeyFor } from './algorithms.ts';
import type { PublicKeyInfo } from './public-key.ts';

/** The flag names that a log may permit, and does unless told otherwise (rekor-tiles, `--client-signing-algorithms`). */
export const PERMITTED_ALGORITHMS: readonly string[] = [
  'ecdsa-sha2-256-nistp256',
  'ecdsa-sha2-384-nistp384',
  'ecdsa-sha2-512-nistp521',
  'ed25519-ph',
  'rsa-sign-pkcs1-2048-sha256',
  'rsa-sign-pkcs1-3072-sha256',
  'rsa-sign-pkcs1-4096-sha256',
];

/**
 * Checks flag names for `EntryRules.algorithms`: each must be one of `PERMITTED_ALGORITHMS`.
 *
 * @throws EntryError `unknown-flag` for a name that does not exist, `unsupported-algorithm` for one not permitted.
 */
export function checkAlgorithmFlags(flags: readonly string[]): void {
  for (const flag of flags) {
    const shown = flag.slice(0, 64);
    if (!ALGORITHMS.some((algorithm) => algorithm.flag === flag)) {
      const problem = `could not find matching signature algorithm for flag: ${shown}`;
      throw new EntryError('unknown-flag', `parsing signature algorithm flag: ${problem}`);
    }
    if (!PERMITTED_ALGORITHMS.includes(flag)) {
      throw new EntryError('unsupported-algorithm', `algorithm ${shown} is not in the allowed set`);
    }
  }
}

/**
 * Whether a key may sign with a hash: one of the permitted flags is for this key and this hash. The key type that a
 * request's key details name does not count, only their hash, as in rekor-tiles.
 */
export function isPermitted(permitted: readonly string[], key: PublicKeyInfo, hash: HashName | undefined): boolean {
  return ALGORITHMS.some((algorithm) => {
    return algorithm.hash === hash && isKeyFor(algorithm, key) && permitted.includes(algorithm.flag);
  });
}
