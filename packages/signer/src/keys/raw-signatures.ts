import { type KeyObject, sign, verify } from 'node:crypto';
import type { VerifyMessage } from '@tilewright/core/cosignature';
import type { KeyKind } from './key-kind.ts';

/** The digest that belongs to a kind; `null` where the algorithm takes the message itself. */
const DIGESTS: Readonly<Record<KeyKind, 'sha256' | 'sha384' | 'sha512' | null>> = {
  ed25519: null,
  'P-256': 'sha256',
  'P-384': 'sha384',
  'P-521': 'sha512',
  rsa: 'sha256',
  'ml-dsa-44': null,
};

/**
 * Checks raw signatures of a public key: pure Ed25519 and ML-DSA-44 (empty context), ECDSA in DER, RSA PKCS #1 v1.5.
 * The `KeyObject` is read once and kept.
 */
export function verifyWith(key: KeyObject, kind: KeyKind): VerifyMessage {
  const digest = DIGESTS[kind];
  // DER is what node:crypto takes for ECDSA when it is told nothing else, and a bare key spares it an object per call.
  return (message, signature) => verify(digest, message, key, signature);
}

/** Makes raw signatures of a private key, as {@link verifyWith} checks them. */
export function signWith(key: KeyObject, kind: KeyKind): (message: Uint8Array) => Uint8Array<ArrayBuffer> {
  const digest = DIGESTS[kind];
  return (message) => Uint8Array.from(sign(digest, message, key));
}
