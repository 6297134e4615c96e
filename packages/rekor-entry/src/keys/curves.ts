import { decodeHex, equalBytes } from '@tilewright/core/bytes';
import type { EcdsaCurve } from './public-key.ts';

/** A curve y² = x³ - 3x + b over the integers modulo a prime. */
export interface Curve {
  readonly name: EcdsaCurve | 'P-224';
  /** Bytes of a coordinate. */
  readonly size: number;
  readonly prime: bigint;
  readonly b: bigint;
  /** The content octets of its object identifier. */
  readonly oid: Uint8Array;
}

// SP 800-186, 3.2.1. P-224 parses, as in Go, though no algorithm uses it.
const CURVES: readonly Curve[] = [
  {
    name: 'P-256',
    size: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    oid: decodeHex('2a8648ce3d030107'),
  },
  {
    name: 'P-384',
    size: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    oid: decodeHex('2b81040022'),
  },
  {
    name: 'P-521',
    size: 66,
    prime: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    oid: decodeHex('2b81040023'),
  },
  {
    name: 'P-224',
    size: 28,
    prime: 2n ** 224n - 2n ** 96n + 1n,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    oid: decodeHex('2b81040021'),
  },
];

/** The curve of an object identifier's content octets; undefined for any that Go's x509 does not know. */
export function curveOfOid(oid: Uint8Array): Curve | undefined {
  return CURVES.find((curve) => equalBytes(curve.oid, oid));
}

/** Whether bytes are an uncompressed point on a curve (SEC 1, 2.3.4). */
export function isPointOn({ size, prime, b }: Curve, bytes: Uint8Array): boolean {
  if (bytes.length !== 1 + 2 * size || bytes[0] !== 4) return false;
  const x = unsigned(bytes, 1, 1 + size);
  const y = unsigned(bytes, 1 + size, 1 + 2 * size);
  return x < prime && y < prime && (y * y - (x * x - 3n) * x - b) % prime === 0n;
}

function unsigned(bytes: Uint8Array, start: number, end: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  let at = start;
  for (; (end - at) % 8 !== 0; at++) value = value * 256n + BigInt(bytes[at] ?? 0);
  for (; at < end; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return value;
}
