import { PublicKeyDetails } from '@tilewright/rekor-proto';
import type { HashName } from '../signature/verify-signature.ts';
import type { EcdsaCurve, PublicKeyInfo } from './public-key.ts';

/** A name of the PublicKeyDetails enum. */
export type KeyDetailsName = keyof typeof PublicKeyDetails;

/** What a PublicKeyDetails value stands for. */
export interface Algorithm {
  readonly keyDetails: KeyDetailsName;
  /** Its name in `--client-signing-algorithms`. */
  readonly flag: string;
  /** The digest that is signed; undefined for pure Ed25519, which signs messages. */
  readonly hash: HashName | undefined;
  readonly key: KeyShape;
}

type KeyShape =
  | { readonly kind: 'ecdsa'; readonly curve: EcdsaCurve }
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ed25519' };

function algorithm(keyDetails: KeyDetailsName, flag: string, hash: HashName | undefined, key: KeyShape): Algorithm {
  return { keyDetails, flag, hash, key };
}

const ecdsa = (curve: EcdsaCurve): KeyShape => ({ kind: 'ecdsa', curve });
const rsa = (bits: number): KeyShape => ({ kind: 'rsa', bits });

/** The algorithms that Sigstore supports (its algorithm registry). */
export const ALGORITHMS: readonly Algorithm[] = [
  algorithm('PKIX_ECDSA_P256_SHA_256', 'ecdsa-sha2-256-nistp256', 'SHA-256', ecdsa('P-256')),
  algorithm('PKIX_ECDSA_P384_SHA_384', 'ecdsa-sha2-384-nistp384', 'SHA-384', ecdsa('P-384')),
  algorithm('PKIX_ECDSA_P384_SHA_256', 'ecdsa-sha2-256-nistp384', 'SHA-256', ecdsa('P-384')),
  algorithm('PKIX_ECDSA_P521_SHA_512', 'ecdsa-sha2-512-nistp521', 'SHA-512', ecdsa('P-521')),
  algorithm('PKIX_ECDSA_P521_SHA_256', 'ecdsa-sha2-256-nistp521', 'SHA-256', ecdsa('P-521')),
  algorithm('PKIX_ED25519', 'ed25519', undefined, { kind: 'ed25519' }),
  algorithm('PKIX_ED25519_PH', 'ed25519-ph', 'SHA-512', { kind: 'ed25519' }),
  algorithm('PKIX_RSA_PKCS1V15_2048_SHA256', 'rsa-sign-pkcs1-2048-sha256', 'SHA-256', rsa(2048)),
  algorithm('PKIX_RSA_PKCS1V15_3072_SHA256', 'rsa-sign-pkcs1-3072-sha256', 'SHA-256', rsa(3072)),
  algorithm('PKIX_RSA_PKCS1V15_4096_SHA256', 'rsa-sign-pkcs1-4096-sha256', 'SHA-256', rsa(4096)),
  algorithm('PKIX_RSA_PSS_2048_SHA256', 'rsa-sign-pss-2048-sha256', 'SHA-256', rsa(2048)),
  algorithm('PKIX_RSA_PSS_3072_SHA256', 'rsa-sign-pss-3072-sha256', 'SHA-256', rsa(3072)),
  algorithm('PKIX_RSA_PSS_4096_SHA256', 'rsa-sign-pss-4096-sha256', 'SHA-256', rsa(4096)),
];

const BY_NUMBER: ReadonlyMap<number, Algorithm> = new Map(
  ALGORITHMS.map((entry) => [PublicKeyDetails[entry.keyDetails], entry]),
);
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(PublicKeyDetails).map(([name, number]) => [number, name]),
);

/** The algorithm of a PublicKeyDetails number; undefined for what Sigstore does not support. */
export function algorithmOf(keyDetails: number): Algorithm | undefined {
  return BY_NUMBER.get(keyDetails);
}

/** The name of a PublicKeyDetails number, or the number itself. */
export function keyDetailsName(keyDetails: number): string {
  return NAMES.get(keyDetails) ?? String(keyDetails);
}

/** Whether a key is of the type and size that an algorithm is for. */
export function isKeyFor({ key: shape }: Algorithm, key: PublicKeyInfo): boolean {
  if (shape.kind === 'ecdsa') return key.kind === 'ecdsa' && key.curve === shape.curve;
  if (shape.kind === 'rsa') return key.kind === 'rsa' && key.bits === shape.bits;
  return key.kind === 'ed25519';
}

/** How messages name a key: its type, and its curve or size. */
export function describeKey(key: PublicKeyInfo): string {
  if (key.kind === 'ecdsa') return `ECDSA key, curve ${key.curve}`;
  return key.kind === 'rsa' ? `RSA key, size ${key.bits}` : 'Ed25519 key';
}
