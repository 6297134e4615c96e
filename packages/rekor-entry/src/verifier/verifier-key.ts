import type { LeafVerifier } from '../body/canonical-body.ts';
import { EntryError, inContext } from '../entry-error.ts';
import { type Algorithm, algorithmOf, describeKey, keyDetailsName } from '../keys/algorithms.ts';
import { parsePublicKey } from '../keys/parse-public-key.ts';
import { isPermitted } from '../keys/permitted-algorithms.ts';
import type { OtherPublicKey, PublicKeyInfo } from '../keys/public-key.ts';
import type { VerifierMessage } from '../message/entry-message.ts';
import type { HashName } from '../signature/verify-signature.ts';
import { parseCertificateKey } from '../x509/parse-certificate.ts';

/** Checks that a verifier holds a key or a certificate. Throws EntryError `missing-field`. */
export function requireVerifier({ publicKey, x509Certificate }: VerifierMessage): void {
  const problem = verifierProblem(publicKey, x509Certificate);
  if (problem !== undefined) throw new EntryError('missing-field', `invalid verifier: ${problem}`);
}

function verifierProblem(key: Uint8Array | undefined, certificate: Uint8Array | undefined): string | undefined {
  if (key === undefined && certificate === undefined) return 'missing signature public key or X.509 certificate';
  if (key?.length === 0) return 'missing public key raw bytes';
  return certificate?.length === 0 ? 'missing X.509 certificate raw bytes' : undefined;
}

/** The key of a verifier that `requireVerifier` let pass. Throws EntryError `malformed-key`. */
export function keyOfVerifier({ publicKey, x509Certificate }: VerifierMessage): PublicKeyInfo | OtherPublicKey {
  if (publicKey !== undefined) return inContext('parsing public key', () => parsePublicKey(publicKey));
  return inContext('parsing certificate', () => parseCertificateKey(x509Certificate ?? new Uint8Array(0)));
}

/** A verifier that `requireVerifier` let pass, as the leaf holds it. */
export function leafVerifier({ publicKey, x509Certificate }: VerifierMessage, { keyDetails }: Algorithm): LeafVerifier {
  if (publicKey !== undefined) return { kind: 'publicKey', rawBytes: publicKey, keyDetails };
  return { kind: 'x509Certificate', rawBytes: x509Certificate ?? new Uint8Array(0), keyDetails };
}

/** A verifier whose key the rules permit, and what its key details say. */
export interface PermittedVerifier {
  readonly key: PublicKeyInfo;
  readonly algorithm: Algorithm;
}

/** Checks a key and its key details against the permitted algorithms. Throws EntryError `unsupported-algorithm`. */
export function requirePermitted(
  permitted: readonly string[],
  key: PublicKeyInfo | OtherPublicKey,
  keyDetails: number,
): PermittedVerifier {
  const algorithm = algorithmOf(keyDetails);
  if (algorithm === undefined) {
    const problem = `could not find algorithm details for known signature algorithm: ${keyDetailsName(keyDetails)}`;
    throw new EntryError('unsupported-algorithm', `getting key algorithm details: ${problem}`);
  }
  if (key.kind === 'other') throw unsupported(key.name, algorithm.hash);
  if (!isPermitted(permitted, key, algorithm.hash)) {
    throw unsupported(describeKey(key), algorithm.hash);
  }
  return { key, algorithm };
}

function unsupported(key: string, hash: HashName | undefined): EntryError {
  return new EntryError(
    'unsupported-algorithm',
    `unsupported entry algorithm for ${key}, digest ${hash ?? 'unknown hash value 0'}`,
  );
}
