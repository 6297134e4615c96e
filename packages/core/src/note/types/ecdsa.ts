import { CoreError } from '../../core-error.ts';
import { KEY_TYPE } from '../key-id.ts';
import { type KeyedNoteSigner, keyedSigner } from '../keyed-signer.ts';
import type { NoteVerifier } from '../note-signature.ts';
import { type VerifierKey, verifierKey } from '../verifier-key.ts';
import { type EcdsaCurve, ecdsaCheck, ecdsaKeyPair } from './ecdsa-key.ts';

export type { EcdsaCurve } from './ecdsa-key.ts';

/**
 * Verifier of ECDSA note signatures, type 0x02: an ASN.1 DER signature over the text, on P-256 with SHA-256, P-384 with
 * SHA-384 or P-521 with SHA-512 (signed-note, "Signature types"). The key is a SubjectPublicKeyInfo in DER with an
 * uncompressed point. Plain JavaScript: for every runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type or curve, `malformed` for bytes that are no such key.
 */
export function ecdsaNoteVerifier(vkey: VerifierKey): NoteVerifier {
  if (vkey.type !== KEY_TYPE.ecdsa) {
    throw new CoreError('unknown-key', `a key of type ${vkey.type} does not make ECDSA note signatures`);
  }
  const verify = ecdsaCheck(vkey.key, ['P-256', 'P-384', 'P-521']);
  return { name: vkey.name, keyId: vkey.keyId, type: vkey.type, verify };
}

/**
 * Signer of ECDSA note signatures, type 0x02: ASN.1 DER, the same for the same text (RFC 6979).
 *
 * @param secretKey the private scalar, big-endian, 32, 48 or 66 bytes; copied
 * @throws CoreError `malformed` for a bad name or scalar.
 */
export function ecdsaNoteSigner(name: string, curve: EcdsaCurve, secretKey: Uint8Array): KeyedNoteSigner {
  const { spki, sign } = ecdsaKeyPair(curve, secretKey);
  return keyedSigner(verifierKey(name, KEY_TYPE.ecdsa, spki), sign);
}
