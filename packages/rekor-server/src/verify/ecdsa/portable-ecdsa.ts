import { p256, p384, p521 } from '@noble/curves/nist.js';
import type { EcdsaCurve } from '@tilewright/rekor-entry';
import { CURVE_SIZES, type EcdsaBackend, hasCurveShape } from './ecdsa-backend.ts';
import { type EcdsaNumbers, readDerSignature } from './ecdsa-signature.ts';

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const;

/** r and s, each padded to the curve's size; `undefined` when one is longer. */
function compact(numbers: EcdsaNumbers, size: number): Uint8Array | undefined {
  if (numbers.r.length > size || numbers.s.length > size) return undefined;
  const bytes = new Uint8Array(2 * size);
  bytes.set(numbers.r, size - numbers.r.length);
  bytes.set(numbers.s, 2 * size - numbers.s.length);
  return bytes;
}

function verify(curve: EcdsaCurve, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  if (!hasCurveShape(curve, point, digest)) return false;
  const numbers = readDerSignature(signature);
  const bytes = numbers && compact(numbers, CURVE_SIZES[curve].number);
  if (bytes === undefined) return false;
  try {
    return CURVES[curve].verify(bytes, digest, point, { prehash: false, lowS: false, format: 'compact' });
  } catch {
    // A point off the curve: noble throws where OpenSSL answers false.
    return false;
  }
}

/** ECDSA over a given digest in pure JavaScript (`@noble/curves`): about 3 ms for P-256, works everywhere. */
export const portableEcdsa: EcdsaBackend = { name: 'portable', verify };
