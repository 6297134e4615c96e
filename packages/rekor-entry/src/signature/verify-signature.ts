import type { PublicKeyInfo } from '../keys/public-key.ts';

/** A digest algorithm (FIPS 180-4): 32, 48 or 64 bytes. */
export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512';

/** What a signature was made over. */
export type SignedInput =
  /** A digest: ECDSA, RSA PKCS#1 v1.5, or, with an Ed25519 key, Ed25519ph with an empty context (RFC 8032, 5.1). */
  | { readonly kind: 'digest'; readonly hash: HashName; readonly digest: Uint8Array }
  /** A message to be hashed with `hash` first; with an Ed25519 key `hash` means nothing: pure Ed25519. */
  | { readonly kind: 'message'; readonly hash: HashName; readonly message: Uint8Array };

/**
 * The port that verifies a signature: true when it is valid. Synchronous; keeps no reference to its arguments; answers
 * false, never throws, for whatever is wrong with the signature or the key.
 *
 * What it can rely on: an ECDSA point is on its curve; an ECDSA signature is strict DER of two integers that are not
 * negative; an RSA key has 2048, 3072 or 4096 bits by its byte length, an odd modulus and an odd exponent from 3 to
 * 2^31-1; the digest has its algorithm's length. What it must check: r and s are from 1 to the group's order less 1,
 * though s may be in the upper half; an RSA signature is as long as the modulus and below it, and its padding is exactly
 * the expected bytes; an Ed25519 signature has 64 bytes, its s is below the group's order, and its key is a point.
 */
export type VerifySignature = (key: PublicKeyInfo, input: SignedInput, signature: Uint8Array) => boolean;
