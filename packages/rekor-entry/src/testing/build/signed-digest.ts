import type { HashAlgorithm } from '@tilewright/rekor-proto';
import type { KeyDetailsName } from '../../keys/algorithms.ts';
import type { FixtureName } from '../gen/fixtures.ts';
import { accepted, type RequestForms, type RequestRow } from '../request-row.ts';
import { certificate } from './certificates.ts';
import { signedBytes, spkiOf } from './fixture-bytes.ts';
import { naiveHashedrekordLeaf } from './naive-leaf.ts';
import { type HashedRekordParts, hashedRekordRequest, type VerifierParts } from './request-forms.ts';

/** The parts of a request that is complete. */
export interface SignedDigest extends HashedRekordParts {
  readonly digest: Uint8Array;
  readonly content: Uint8Array;
  readonly verifier: VerifierParts;
}

// How each key is used, when it is used as it should be.
const USUAL: Partial<Record<FixtureName, KeyDetailsName>> = {
  p384: 'PKIX_ECDSA_P384_SHA_384',
  p384Sha256: 'PKIX_ECDSA_P384_SHA_256',
  p521: 'PKIX_ECDSA_P521_SHA_512',
  p521Sha256: 'PKIX_ECDSA_P521_SHA_256',
  ed25519ph: 'PKIX_ED25519_PH',
  rsa1024: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2040: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2041: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2047: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2048: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2048Paddings: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2048E3: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa2056: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  rsa3072: 'PKIX_RSA_PKCS1V15_3072_SHA256',
  rsa4096: 'PKIX_RSA_PKCS1V15_4096_SHA256',
};
const HASH_OF_SIZE: Readonly<Record<number, keyof typeof HashAlgorithm>> = {
  32: 'SHA2_256',
  48: 'SHA2_384',
  64: 'SHA2_512',
};

/** The request that a fixture's key makes with its signature number `i`, and a bare key. */
export function signedDigest(name: FixtureName, i: number): SignedDigest {
  const { input, signature } = signedBytes(name, i);
  const keyDetails = USUAL[name] ?? 'PKIX_ECDSA_P256_SHA_256';
  return { digest: input, content: signature, verifier: { publicKey: spkiOf(name), keyDetails } };
}

/** The same with a certificate. */
export function certifiedDigest(name: FixtureName, i: number): SignedDigest {
  const { digest, content, verifier } = signedDigest(name, i);
  const { keyDetails = 0 } = verifier;
  return { digest, content, verifier: { x509Certificate: certificate({ spki: spkiOf(name) }), keyDetails } };
}

/** The leaf that an accepted request makes. */
export function leafOf({ digest, content, verifier }: SignedDigest): Uint8Array<ArrayBuffer> {
  return naiveHashedrekordLeaf(digest, HASH_OF_SIZE[digest.length] ?? 'SHA2_256', { content, verifier });
}

/** A row for a request that is taken; `forms` replace the usual ones. */
export function acceptedDigest(name: string, parts: SignedDigest, forms?: RequestForms): RequestRow {
  return accepted(name, forms ?? hashedRekordRequest(parts), leafOf(parts));
}
