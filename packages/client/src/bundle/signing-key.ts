import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { encodeBase64 } from '@tilewright/core/bytes';
import { EntryError, type KeyDetailsName, usualKeyDetails } from '@tilewright/rekor-entry';
import { ClientError } from '../client-error.ts';

/** A hash of artifacts: names of node:crypto, of Sigstore's protobuf enum, and the length in bytes. */
export interface ArtifactHash {
  readonly node: 'sha256' | 'sha384' | 'sha512';
  readonly sigstore: 'SHA2_256' | 'SHA2_384' | 'SHA2_512';
  readonly bytes: number;
}

/** A key that signs artifacts, and the hash that Rekor v2 and all its clients use with it. */
export interface SigningKey {
  readonly key: KeyObject;
  /** What the log's leaf holds: the key, or the certificate for it. */
  readonly verifier: { readonly kind: 'publicKey' | 'x509Certificate'; readonly rawBytes: Uint8Array };
  readonly keyDetails: KeyDetailsName;
  readonly hash: ArtifactHash;
}

const SHA256: ArtifactHash = { node: 'sha256', sigstore: 'SHA2_256', bytes: 32 };
const SHA384: ArtifactHash = { node: 'sha384', sigstore: 'SHA2_384', bytes: 48 };
const SHA512: ArtifactHash = { node: 'sha512', sigstore: 'SHA2_512', bytes: 64 };

const HASHES: Readonly<Partial<Record<KeyDetailsName, ArtifactHash>>> = {
  PKIX_ECDSA_P256_SHA_256: SHA256,
  PKIX_ECDSA_P384_SHA_384: SHA384,
  PKIX_ECDSA_P521_SHA_512: SHA512,
  PKIX_RSA_PKCS1V15_2048_SHA256: SHA256,
  PKIX_RSA_PKCS1V15_3072_SHA256: SHA256,
  PKIX_RSA_PKCS1V15_4096_SHA256: SHA256,
  PKIX_ED25519_PH: SHA512,
};

/**
 * How a public key is used with Rekor v2.
 * @param publicKey PEM (`PUBLIC KEY`), or DER SubjectPublicKeyInfo
 * @throws ClientError `malformed`; `unsupported` for kinds, curves and sizes that Rekor v2 does not take
 */
export function signingKey(publicKey: string | Uint8Array): SigningKey {
  const key = read('the public key is neither PEM nor a DER SubjectPublicKeyInfo', () =>
    createPublicKey(typeof publicKey === 'string' ? publicKey : pem(publicKey)),
  );
  return usedWithRekor(key, {
    kind: 'publicKey',
    rawBytes: Uint8Array.from(key.export({ type: 'spki', format: 'der' })),
  });
}

/**
 * The key that a certificate is for. The certificate itself is not checked.
 * @param certificate DER
 * @throws ClientError `malformed`, `unsupported`
 */
export function certificateKey(certificate: Uint8Array): SigningKey {
  const key = read(
    'the certificate is not an X.509 certificate in DER',
    () => new X509Certificate(certificate).publicKey,
  );
  return usedWithRekor(key, { kind: 'x509Certificate', rawBytes: certificate });
}

function usedWithRekor(key: KeyObject, verifier: SigningKey['verifier']): SigningKey {
  const keyDetails = read('the key is not one that can be logged', () => usualKeyDetails(verifier));
  const hash = keyDetails && HASHES[keyDetails];
  if (keyDetails !== undefined && hash !== undefined) return { key, verifier, keyDetails, hash };
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const kind = `${key.asymmetricKeyType ?? 'unknown'} ${namedCurve ?? modulusLength ?? ''}`.trim();
  throw new ClientError('unsupported', `Rekor v2 takes no signatures by keys of the kind ${kind}`);
}

function pem(spki: Uint8Array): string {
  const lines = encodeBase64(spki).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

function read<T>(problem: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    const reason = cause instanceof EntryError ? `: ${cause.message}` : '';
    throw new ClientError('malformed', `${problem}${reason}`, { cause });
  }
}
