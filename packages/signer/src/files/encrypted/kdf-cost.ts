import { SignerError } from '../../signer-error.ts';

/** How much work makes a key of a password with scrypt (RFC 7914). */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Four times what anybody recommends for files (N = 2^17, r = 8, p = 1): about two seconds. */
const MAX_SCRYPT_WORK = 2 ** 22;
/** Sixteen times what is recommended for PBKDF2: some seconds. */
const MAX_ITERATIONS = 10_000_000;

/**
 * Checks what a key file asks for before any of it is spent: a hostile file must not take gigabytes or hours.
 * @param maxBytes most memory that may be taken
 * @throws SignerError `malformed` for numbers that scrypt does not have, `unsupported-key` for more than is spent
 */
export function requireScryptCost({ N, r, p }: ScryptCost, maxBytes: number): void {
  const isPower = Number.isSafeInteger(N) && N > 1 && Number.isInteger(Math.log2(N));
  const arePositive = [r, p].every((value) => Number.isSafeInteger(value) && value > 0);
  if (!isPower || !arePositive) {
    throw new SignerError('malformed', 'the key file has parameters of scrypt that are not valid');
  }
  const bytes = 128 * r * (N + p + 2);
  if (bytes > maxBytes || N * r * p > MAX_SCRYPT_WORK) {
    throw new SignerError(
      'unsupported-key',
      `the key file wants more work from scrypt (N=${N}, r=${r}, p=${p}) than is done for a file; ` +
        'encrypt the key again with usual parameters',
    );
  }
}

/** The same for the iterations of PBKDF2. @throws SignerError `malformed`, `unsupported-key` */
export function requireIterations(iterations: number): void {
  if (iterations < 1) throw new SignerError('malformed', 'the key file has a number of iterations that is not valid');
  if (iterations <= MAX_ITERATIONS) return;
  throw new SignerError(
    'unsupported-key',
    `the key file wants more than ${MAX_ITERATIONS} iterations of PBKDF2; encrypt the key again with fewer`,
  );
}
