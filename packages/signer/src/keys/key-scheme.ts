import { KEY_TYPE, rsaKeyMaterial } from '@tilewright/core/note';
import { SignerError } from '../signer-error.ts';
import type { KeyKind } from './key-kind.ts';
import { type PublicKey, rawKey } from './public-key.ts';

/** What the rest of the Sigstore world calls a log's key, and what stands for it in note keys. */
export interface KeyScheme {
  readonly noteType: number;
  /** What follows the type byte in a vkey. */
  readonly material: Uint8Array;
  /** Name in the protobuf enum `PublicKeyDetails`. */
  readonly keyDetails: string;
}

const ECDSA_DETAILS: Readonly<Partial<Record<KeyKind, string>>> = {
  'P-256': 'PKIX_ECDSA_P256_SHA_256',
  'P-384': 'PKIX_ECDSA_P384_SHA_384',
  'P-521': 'PKIX_ECDSA_P521_SHA_512',
};
const RSA_SIZES: readonly unknown[] = [2048, 3072, 4096];

/**
 * The scheme of a Rekor log's public key.
 * @throws SignerError `unsupported-key` for RSA of a size, or a kind of key, that no Rekor log has
 */
export function schemeOf({ key, kind, spki }: PublicKey): KeyScheme {
  const ecdsa = ECDSA_DETAILS[kind];
  if (kind === 'ed25519') {
    return { noteType: KEY_TYPE.ed25519, material: rawKey(spki, kind), keyDetails: 'PKIX_ED25519' };
  }
  if (ecdsa !== undefined) return { noteType: KEY_TYPE.ecdsa, material: spki, keyDetails: ecdsa };
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (kind === 'rsa' && RSA_SIZES.includes(bits)) {
    return {
      noteType: KEY_TYPE.named,
      material: rsaKeyMaterial(spki),
      keyDetails: `PKIX_RSA_PKCS1V15_${bits}_SHA256`,
    };
  }
  const what = kind === 'rsa' ? `RSA keys of ${bits} bits` : `${kind.toUpperCase()} keys`;
  throw new SignerError('unsupported-key', `${what} do not sign the checkpoints of Rekor logs`);
}
