import { cosignatureV1Cosigner, cosignatureV1Verifier } from '../../cosignature/cosignature-v1.ts';
import type { CosignatureVerifier, Cosigner } from '../../cosignature/cosigner.ts';
import { KEY_TYPE } from '../key-id.ts';
import { requireSameKey, type SigningKey } from '../signing-key.ts';
import { type VerifierKey, verifierKey } from '../verifier-key.ts';
import { ed25519Check, ed25519KeyPair } from './ed25519-point.ts';

/**
 * Verifier of timestamped Ed25519 cosignatures, type 0x04 (tlog-cosignature, "Ed25519"). Plain JavaScript: for every
 * runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type, `malformed` for 32 bytes that are no Ed25519 key.
 */
export function ed25519CosignatureVerifier(vkey: VerifierKey): CosignatureVerifier {
  return cosignatureV1Verifier(vkey, vkey.type === KEY_TYPE.cosignatureEd25519 ? ed25519Check(vkey.key) : () => false);
}

/**
 * Cosigner of type 0x04. The key must sign nothing but cosignatures of this one cosigner.
 *
 * @param seed the private key of RFC 8032, 32 bytes; copied
 * @throws CoreError `malformed` for a bad name or seed.
 */
export function ed25519Cosigner(name: string, seed: Uint8Array): Cosigner {
  const { publicKey, sign } = ed25519KeyPair(seed);
  return cosignatureV1Cosigner(verifierKey(name, KEY_TYPE.cosignatureEd25519, publicKey), sign);
}

/**
 * The cosigner of a `PRIVATE+KEY+…` text of type 0x04, once parsed.
 *
 * @throws CoreError `unknown-key` for another type, `mismatch` when the key id is not that of the seed's public key.
 */
export function ed25519CosignerOf(key: SigningKey): Cosigner {
  return requireSameKey(key, KEY_TYPE.cosignatureEd25519, ed25519Cosigner);
}
