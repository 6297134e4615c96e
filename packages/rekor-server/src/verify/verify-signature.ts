import { createHash } from 'node:crypto';
import type { HashName, PublicKeyInfo, SignedInput, VerifySignature } from '@tilewright/rekor-entry';
import type { EcdsaBackend } from './ecdsa/ecdsa-backend.ts';
import { verifyEd25519, verifyEd25519ph } from './ed25519.ts';
import { verifyRsaPkcs1Sha256 } from './rsa.ts';

const NODE_NAMES: Readonly<Record<HashName, string>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function digestOf(input: SignedInput): Uint8Array {
  return input.kind === 'digest' ? input.digest : createHash(NODE_NAMES[input.hash]).update(input.message).digest();
}

/** The signature check that the entry package asks for, with one way to verify ECDSA. */
export function createVerifySignature(ecdsa: EcdsaBackend): VerifySignature {
  return (key: PublicKeyInfo, input: SignedInput, signature: Uint8Array): boolean => {
    switch (key.kind) {
      case 'ecdsa':
        return ecdsa.verify(key.curve, key.point, digestOf(input), signature);
      case 'rsa':
        return input.hash === 'SHA-256' && verifyRsaPkcs1Sha256(key, digestOf(input), signature);
      case 'ed25519':
        return input.kind === 'message'
          ? verifyEd25519(key.spki, input.message, signature)
          : verifyEd25519ph(key.raw, input.digest, signature);
    }
  };
}
