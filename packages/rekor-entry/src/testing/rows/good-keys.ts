import type { KeyDetailsName } from '../../keys/algorithms.ts';
import { acceptedDigest, type SignedDigest } from '../build/signed-digest.ts';
import type { FixtureName } from '../gen/fixtures.ts';
import type { RequestRow } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

const KEYS: readonly FixtureName[] = ['p256', 'p384', 'p521', 'ed25519ph', 'rsa2048', 'rsa3072', 'rsa4096'];

/** Every kind of key, bare and in a certificate, and the odd ones that are taken too. */
export function goodKeyRows(supply: SignatureSupply): RequestRow[] {
  return [
    ...KEYS.map((name) => acceptedDigest(`a ${name} key`, supply.key(name))),
    ...KEYS.map((name) => acceptedDigest(`a certificate for a ${name} key`, supply.certificate(name))),
    // The size of an RSA key is that of its modulus in bytes, times eight.
    acceptedDigest('an RSA modulus of 2,047 bits', supply.key('rsa2047')),
    acceptedDigest('an RSA modulus of 2,041 bits', supply.key('rsa2041')),
    acceptedDigest('an RSA exponent of 3', supply.key('rsa2048E3')),
    ...labelRows(supply),
  ];
}

/** Key details of which only the hash fits: taken as they are, and written into the leaf. */
function labelRows(supply: SignatureSupply): RequestRow[] {
  const labels: [FixtureName, KeyDetailsName][] = [
    ['p256', 'PKIX_ECDSA_P384_SHA_256'],
    ['p256', 'PKIX_ECDSA_P521_SHA_256'],
    ['p256', 'PKIX_RSA_PSS_2048_SHA256'],
    ['p256', 'PKIX_RSA_PSS_3072_SHA256'],
    ['p256', 'PKIX_RSA_PSS_4096_SHA256'],
    ['p256', 'PKIX_RSA_PKCS1V15_2048_SHA256'],
    ['p256', 'PKIX_RSA_PKCS1V15_3072_SHA256'],
    ['p256', 'PKIX_RSA_PKCS1V15_4096_SHA256'],
    ['p521', 'PKIX_ED25519_PH'],
    ['ed25519ph', 'PKIX_ECDSA_P521_SHA_512'],
    ['rsa2048', 'PKIX_ECDSA_P256_SHA_256'],
    ['rsa2048', 'PKIX_RSA_PSS_2048_SHA256'],
    ['rsa3072', 'PKIX_RSA_PKCS1V15_2048_SHA256'],
  ];
  return labels.map(([name, keyDetails]) => {
    return acceptedDigest(`a ${name} key labelled ${keyDetails}`, relabelled(supply.key(name), keyDetails));
  });
}

/** A request with other key details. */
export function relabelled(parts: SignedDigest, keyDetails: KeyDetailsName | number): SignedDigest {
  return { ...parts, verifier: { ...parts.verifier, keyDetails } };
}
