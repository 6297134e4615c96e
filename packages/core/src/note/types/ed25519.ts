import { CoreError } from '../../core-error.ts';
import { KEY_TYPE } from '../key-id.ts';
import { type KeyedNoteSigner, keyedSigner } from '../keyed-signer.ts';
import type { NoteVerifier } from '../note-signature.ts';
import { requireSameKey, type SigningKey } from '../signing-key.ts';
import { type VerifierKey, verifierKey } from '../verifier-key.ts';
import { ed25519Check, ed25519KeyPair } from './ed25519-point.ts';

/**
 * Verifier of Ed25519 note signatures, type 0x01: pure Ed25519 over the text (signed-note, "Signature types"; RFC 8032,
 * without the cofactor, as OpenSSL 3.5 verifies; keys of small order and non-canonical encodings are refused). Plain
 * JavaScript: for every runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type, `malformed` for 32 bytes that are no such key.
 */
export function ed25519NoteVerifier(vkey: VerifierKey): NoteVerifier {
  if (vkey.type !== KEY_TYPE.ed25519) {
    throw new CoreError('unknown-key', `a key of type ${vkey.type} does not make Ed25519 note signatures`);
  }
  return { name: vkey.name, keyId: vkey.keyId, type: vkey.type, verify: ed25519Check(vkey.key) };
}

/**
 * Signer of Ed25519 note signatures, type 0x01: 64 bytes, the same for the same text.
 *
 * @param seed the private key of RFC 8032, 32 bytes; copied
 * @throws CoreError `malformed` for a bad name or seed.
 */
export function ed25519NoteSigner(name: string, seed: Uint8Array): KeyedNoteSigner {
  const { publicKey, sign } = ed25519KeyPair(seed);
  return keyedSigner(verifierKey(name, KEY_TYPE.ed25519, publicKey), sign);
}

/**
 * The signer of a `PRIVATE+KEY+…` text of type 0x01, once parsed.
 *
 * @throws CoreError `unknown-key` for another type, `mismatch` when the key id is not that of the seed's public key.
 */
export function ed25519SignerOf(key: SigningKey): KeyedNoteSigner {
  return requireSameKey(key, KEY_TYPE.ed25519, ed25519NoteSigner);
}
