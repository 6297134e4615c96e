import { p256, p384, p521 } from '@noble/curves/nist.js';
import { decodeHex } from '../bytes/hex.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE } from './key-id.ts';
import type { NoteVerifier } from './note-signature.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * The SubjectPublicKeyInfo of an uncompressed point is a constant and the point: algorithm id-ecPublicKey, the curve's
 * name, the head of a bit string (RFC 5480, section 2). Comparing the constant leaves a parser nothing to get wrong.
 */
const CURVES = [
  { curve: p256, pointSize: 65, prefix: decodeHex('3059301306072a8648ce3d020106082a8648ce3d030107034200') },
  { curve: p384, pointSize: 97, prefix: decodeHex('3076301006072a8648ce3d020106052b81040022036200') },
  { curve: p521, pointSize: 133, prefix: decodeHex('30819b301006072a8648ce3d020106052b8104002303818600') },
] as const;

/**
 * Verifier of ECDSA note signatures, type 0x02: an ASN.1 DER signature over the text, on P-256 with SHA-256, P-384 with
 * SHA-384 or P-521 with SHA-512. The key is a SubjectPublicKeyInfo in DER with an uncompressed point. Plain JavaScript:
 * for every runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type or curve, `malformed` for bytes that are no such key.
 */
export function ecdsaNoteVerifier(vkey: VerifierKey): NoteVerifier {
  if (vkey.type !== KEY_TYPE.ecdsa) {
    throw new CoreError('unknown-key', `a key of type ${vkey.type} does not make ECDSA note signatures`);
  }
  const spki = vkey.key.slice();
  const named = CURVES.find(
    ({ prefix, pointSize }) =>
      spki.length === prefix.length + pointSize && equalBytes(spki.subarray(0, prefix.length), prefix),
  );
  if (named === undefined) {
    throw new CoreError('unknown-key', 'the key is not the DER of an uncompressed P-256, P-384 or P-521 key');
  }
  const { curve } = named;
  const point = spki.subarray(named.prefix.length);
  if (!curve.utils.isValidPublicKey(point, false)) {
    throw new CoreError('malformed', 'the key is not a point of its curve');
  }
  return {
    name: vkey.name,
    keyId: vkey.keyId,
    verify(text, signature) {
      // Other programs sign without choosing the lower of the two values of s.
      return curve.verify(signature, text, point, { format: 'der', lowS: false });
    },
  };
}
