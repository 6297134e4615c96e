import { CoreError } from '../../core-error.ts';
import { KEY_TYPE, RSA_TYPE_NAME, rsaKeyMaterial } from '../key-id.ts';
import type { NoteVerifier } from '../note-signature.ts';
import { type VerifierKey, verifierKey } from '../verifier-key.ts';
import { rsaCheck } from './rsa-key.ts';

/**
 * The note key of an RSA log: type byte 0xFF, `PKIX-RSA-PKCS#1v1.5` and the SubjectPublicKeyInfo in DER, as Rekor makes
 * its key ids.
 *
 * @throws CoreError `malformed` for a bad name or an empty key.
 */
export function rsaVerifierKey(name: string, spki: Uint8Array): VerifierKey {
  return verifierKey(name, KEY_TYPE.named, rsaKeyMaterial(spki));
}

/**
 * Verifier of Rekor's RSA note signatures, type 0xFF `PKIX-RSA-PKCS#1v1.5`: RSA PKCS #1 v1.5 with SHA-256 over the text,
 * keys of 2048 to 4096 bits. Plain JavaScript: for every runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type or size, `malformed` for bytes that are no such key.
 */
export function rsaNoteVerifier(vkey: VerifierKey): NoteVerifier {
  if (vkey.type !== KEY_TYPE.named) {
    throw new CoreError('unknown-key', `a key of type ${vkey.type} does not make RSA note signatures`);
  }
  const { name, keyId, type, key } = verifierKey(vkey.name, vkey.type, vkey.key);
  return { name, keyId, type, verify: rsaCheck(key.subarray(RSA_TYPE_NAME.length)) };
}
