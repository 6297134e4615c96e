import { concatBytes, decodeHex } from '@tilewright/core/bytes';
import { Tag } from '../der/der-reader.ts';
import { derElement, derUnsigned } from '../der/der-writer.ts';
import type { EcdsaCurve } from './public-key.ts';

// All but the key itself is constant (RFC 5480, RFC 8410): SEQUENCE { SEQUENCE { algorithm, curve }, BIT STRING { 00, … } }.
const EC_PREFIX: Readonly<Record<EcdsaCurve, Uint8Array>> = {
  'P-256': decodeHex('3059301306072a8648ce3d020106082a8648ce3d030107034200'),
  'P-384': decodeHex('3076301006072a8648ce3d020106052b81040022036200'),
  'P-521': decodeHex('30819b301006072a8648ce3d020106052b8104002303818600'),
};
const ED25519_PREFIX = decodeHex('302a300506032b6570032100');
const RSA_ALGORITHM = decodeHex('300d06092a864886f70d0101010500');
const NO_UNUSED_BITS = Uint8Array.of(0);

/** The SubjectPublicKeyInfo of an uncompressed point. */
export function ecdsaSpki(curve: EcdsaCurve, point: Uint8Array): Uint8Array {
  return concatBytes(EC_PREFIX[curve], point);
}

/** The SubjectPublicKeyInfo of an Ed25519 key's 32 bytes. */
export function ed25519Spki(raw: Uint8Array): Uint8Array {
  return concatBytes(ED25519_PREFIX, raw);
}

/** The SubjectPublicKeyInfo of an RSA key; both numbers big-endian. */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const key = derElement(Tag.sequence, derUnsigned(modulus), derUnsigned(exponent));
  return derElement(Tag.sequence, RSA_ALGORITHM, derElement(Tag.bitString, NO_UNUSED_BITS, key));
}
