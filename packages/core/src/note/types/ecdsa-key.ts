import { p256, p384, p521 } from '@noble/curves/nist.js';
import { decodeHex } from '../../bytes/hex.ts';
import { concatBytes, equalBytes } from '../../bytes/sequences.ts';
import { CoreError } from '../../core-error.ts';

/** Curves of ECDSA note keys. */
export type EcdsaCurve = 'P-256' | 'P-384' | 'P-521';

/**
 * The SubjectPublicKeyInfo of an uncompressed point is a constant and the point: algorithm id-ecPublicKey, the curve's
 * name, the head of a bit string (RFC 5480, section 2). Comparing the constant leaves a parser nothing to get wrong.
 */
const CURVES = {
  'P-256': { curve: p256, pointSize: 65, prefix: decodeHex('3059301306072a8648ce3d020106082a8648ce3d030107034200') },
  'P-384': { curve: p384, pointSize: 97, prefix: decodeHex('3076301006072a8648ce3d020106052b81040022036200') },
  'P-521': { curve: p521, pointSize: 133, prefix: decodeHex('30819b301006072a8648ce3d020106052b8104002303818600') },
} as const;

/**
 * The check of signatures of one key: ASN.1 DER, over the message with the hash of the curve (SHA-256, -384, -512).
 * Both values of s that fit are accepted, as other programs sign without choosing the lower.
 *
 * @param allowed the curves that the key may be on
 * @throws CoreError `unknown-key` for a key of another kind or curve, `malformed` for a point that is none.
 */
export function ecdsaCheck(
  spki: Uint8Array,
  allowed: readonly EcdsaCurve[],
): (message: Uint8Array, signature: Uint8Array) => boolean {
  const named = allowed
    .map((name) => CURVES[name])
    .find(
      ({ prefix, pointSize }) =>
        spki.length === prefix.length + pointSize && equalBytes(spki.subarray(0, prefix.length), prefix),
    );
  if (named === undefined) {
    throw new CoreError('unknown-key', `the key is not the DER of an uncompressed ${allowed.join(', ')} key`);
  }
  const { curve, prefix } = named;
  const point = spki.slice(prefix.length);
  if (!curve.utils.isValidPublicKey(point, false)) {
    throw new CoreError('malformed', 'the key is not a point of its curve');
  }
  return (message, signature) => curve.verify(signature, message, point, { format: 'der', lowS: false });
}

/**
 * SubjectPublicKeyInfo and signing function of a private key.
 *
 * @param secretKey the scalar, big-endian: 32, 48 or 66 bytes
 * @throws CoreError `malformed` for bytes that are no such scalar.
 */
export function ecdsaKeyPair(
  name: EcdsaCurve,
  secretKey: Uint8Array,
): { readonly spki: Uint8Array; readonly sign: (message: Uint8Array) => Uint8Array } {
  const { curve, prefix } = CURVES[name];
  const secret = secretKey.slice();
  if (!curve.utils.isValidSecretKey(secret)) {
    throw new CoreError('malformed', `these bytes are not the private key of a ${name} key`);
  }
  return {
    spki: concatBytes(prefix, curve.getPublicKey(secret, false)),
    sign: (message) => curve.sign(message, secret, { format: 'der', lowS: false }),
  };
}
