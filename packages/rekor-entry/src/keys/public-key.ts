/** A public key that an entry can be signed with, as the verifying port sees it. */
export type PublicKeyInfo = EcdsaPublicKey | RsaPublicKey | Ed25519PublicKey;

/** The curves of FIPS 186-5 that the algorithm registry knows. */
export type EcdsaCurve = 'P-256' | 'P-384' | 'P-521';

/** A point on a curve; that it is on the curve, and not at infinity, has been checked. */
export interface EcdsaPublicKey {
  readonly kind: 'ecdsa';
  readonly curve: EcdsaCurve;
  /** Uncompressed, `04 ‖ x ‖ y` (SEC 1, 2.3.3): 65, 97 or 133 bytes. */
  readonly point: Uint8Array;
  /** SubjectPublicKeyInfo in DER, always in its one canonical form. */
  readonly spki: Uint8Array;
}

/** An RSA key. Nothing about it has been checked but that both numbers are positive. */
export interface RsaPublicKey {
  readonly kind: 'rsa';
  /** Eight times the length of the modulus in bytes: 2048 also for a modulus of 2,041 bits. */
  readonly bits: number;
  /** Big-endian without leading zeros. */
  readonly modulus: Uint8Array;
  /** Big-endian without leading zeros, 1 to 8 bytes. */
  readonly exponent: Uint8Array;
  /** SubjectPublicKeyInfo in DER, always in its one canonical form. */
  readonly spki: Uint8Array;
}

/** An Ed25519 key. Its 32 bytes may be no point at all: the verifier decides (RFC 8032, 5.1.7). */
export interface Ed25519PublicKey {
  readonly kind: 'ed25519';
  /** 32 bytes. */
  readonly raw: Uint8Array;
  /** SubjectPublicKeyInfo in DER, always in its one canonical form. */
  readonly spki: Uint8Array;
}

/** A key that parses but that no entry can be signed with; `name` as error messages show it. */
export interface OtherPublicKey {
  readonly kind: 'other';
  readonly name: string;
}
