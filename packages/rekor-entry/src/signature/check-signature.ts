import { EntryError } from '../entry-error.ts';
import type { PublicKeyInfo, RsaPublicKey } from '../keys/public-key.ts';
import { ecdsaSignatureToDer } from './ecdsa-signature.ts';
import type { SignedInput, VerifySignature } from './verify-signature.ts';

/**
 * Verifies a signature as a client sent it: brings it into the form that the port expects, refuses keys that Go does
 * not compute with, asks the port.
 *
 * @throws EntryError `bad-signature`
 */
export function checkSignature(
  verify: VerifySignature,
  key: PublicKeyInfo,
  input: SignedInput,
  signature: Uint8Array,
): void {
  if (key.kind === 'rsa') checkRsaKey(key);
  const form = key.kind === 'ecdsa' ? ecdsaSignatureToDer(signature) : signature;
  if (!verify(key, input, form)) throw new EntryError('bad-signature', `invalid ${key.kind} signature`);
}

/** As Go's crypto/rsa: no even numbers, and an exponent of 2 to 31 bits. */
function checkRsaKey({ modulus, exponent }: RsaPublicKey): void {
  const isOdd = (number: Uint8Array) => (number.at(-1) ?? 0) % 2 === 1;
  const isSmall = exponent.length < 4 || (exponent.length === 4 && (exponent[0] ?? 0) < 0x80);
  const isOne = exponent.length === 1 && exponent[0] === 1;
  if (!isOdd(modulus) || !isOdd(exponent) || isOne || !isSmall) {
    throw new EntryError('bad-signature', 'crypto/rsa: unusable public key');
  }
}
