import { constants, createPublicKey, publicDecrypt } from 'node:crypto';
import type { RsaPublicKey } from '@tilewright/rekor-entry';

/** DER of `DigestInfo` up to the digest itself, for SHA-256 with its NULL parameters (RFC 8017, 9.2 note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** The payload below the type 1 padding of RFC 8017, 8.2.2; `undefined` when the padding is wrong or the number too big. */
function unpad(spki: Uint8Array, signature: Uint8Array): Buffer | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch {
    return undefined;
  }
}

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 over a given 32-byte digest, by node:crypto. Never throws.
 * The signature must be exactly as long as the modulus, and the padded payload exactly the `DigestInfo`: both are what
 * keeps signatures with garbage behind the digest out.
 */
export function verifyRsaPkcs1Sha256(key: RsaPublicKey, digest: Uint8Array, signature: Uint8Array): boolean {
  if (digest.length !== 32 || signature.length !== key.modulus.length) return false;
  const payload = unpad(key.spki, signature);
  return payload?.equals(Buffer.concat([SHA256_DIGEST_INFO, digest])) ?? false;
}
