import { constants, createPublicKey, type KeyObject, publicDecrypt } from 'node:crypto';

/** DER of `DigestInfo` up to the digest itself, for SHA-256 with its NULL parameters (RFC 8017, 9.2 note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

function importKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({
      key: Buffer.from(spki.buffer, spki.byteOffset, spki.length),
      format: 'der',
      type: 'spki',
    });
  } catch {
    return undefined;
  }
}

/** The payload below the type 1 padding of RFC 8017, 8.2.2; `undefined` when the padding is wrong or the number too big. */
function unpad(key: KeyObject, signature: Uint8Array): Buffer | undefined {
  try {
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
export function verifyRsaPkcs1Sha256(spki: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  if (digest.length !== 32) return false;
  const key = importKey(spki);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (key?.asymmetricKeyType !== 'rsa' || bits === undefined || signature.length !== Math.ceil(bits / 8)) return false;
  const payload = unpad(key, signature);
  return payload?.equals(Buffer.concat([SHA256_DIGEST_INFO, digest])) ?? false;
}
