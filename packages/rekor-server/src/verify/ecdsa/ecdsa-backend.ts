import type { EcdsaCurve } from '@tilewright/rekor-entry';

/** What a curve fixes. */
export interface EcdsaCurveSizes {
  /** Bytes of a coordinate and of each signature number. */
  readonly number: number;
  /** Bytes of the one digest that Rekor v2 pairs with the curve: SHA-256, SHA-384, SHA-512. */
  readonly digest: number;
}

/** Sizes in bytes, by curve. */
export const CURVE_SIZES: Readonly<Record<EcdsaCurve, EcdsaCurveSizes>> = {
  'P-256': { number: 32, digest: 32 },
  'P-384': { number: 48, digest: 48 },
  'P-521': { number: 66, digest: 64 },
};

/**
 * One way to verify ECDSA over a given digest. Never throws: whatever is wrong with point, digest or signature is `false`.
 * `point` is the uncompressed SEC 1 point, the signature strict DER. A high s is as good as a low one.
 */
export interface EcdsaBackend {
  readonly name: 'openssl' | 'portable';
  verify(curve: EcdsaCurve, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean;
}

/** Whether point and digest have the lengths of `curve` and the point is in uncompressed form. */
export function hasCurveShape(curve: EcdsaCurve, point: Uint8Array, digest: Uint8Array): boolean {
  const sizes = CURVE_SIZES[curve];
  return point.length === 1 + 2 * sizes.number && point[0] === 0x04 && digest.length === sizes.digest;
}
