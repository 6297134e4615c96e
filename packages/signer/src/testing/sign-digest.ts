import { constants, createECDH, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import { concatBytes, decodeHex, encodeHex } from '@tilewright/core/bytes';

// A service is sent digests, and node:crypto signs messages only; hence ECDSA by the book (FIPS 186-5, 6.4.1), on the
// point multiplication that node:crypto has.

const CURVES: Readonly<Record<string, { readonly order: bigint; readonly width: number }>> = {
  prime256v1: {
    order: BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    width: 32,
  },
  secp384r1: {
    order: BigInt(`0x${'f'.repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`),
    width: 48,
  },
  secp521r1: {
    order: BigInt(`0x1${'f'.repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    width: 66,
  },
};

/** DER of `SEQUENCE { SEQUENCE { OID sha256, NULL }, OCTET STRING (32) }` before the digest (RFC 8017, 9.2). */
const DIGEST_INFO = decodeHex('3031300d060960864801650304020105000420');

/** Signs a digest: ECDSA in DER, RSA PKCS #1 v1.5 for a digest of SHA-256. For tests only: not in constant time. */
export function signDigest(privateKey: KeyObject, digest: Uint8Array): Uint8Array {
  const curveName = privateKey.asymmetricKeyDetails?.namedCurve ?? '';
  const curve = CURVES[curveName];
  if (curve === undefined) {
    const padding = constants.RSA_PKCS1_PADDING;
    return privateEncrypt({ key: privateKey, padding }, concatBytes(DIGEST_INFO, digest));
  }
  const { order, width } = curve;
  const secret = toNumber(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const nonce = (toNumber(randomBytes(width + 8)) % (order - 1n)) + 1n;
  const ecdh = createECDH(curveName);
  ecdh.setPrivateKey(toBytes(nonce, width));
  const r = toNumber(ecdh.getPublicKey().subarray(1, 1 + width)) % order;
  // Digests here are never longer than the order, so none of their bits is cut off.
  const s = (inverse(nonce, order) * (toNumber(digest) + r * secret)) % order;
  const content = concatBytes(derInteger(r), derInteger(s));
  const head = content.length < 128 ? [0x30, content.length] : [0x30, 0x81, content.length];
  return concatBytes(Uint8Array.from(head), content);
}

function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = decodeHex(/^[89a-f]/.test(even) ? `00${even}` : even);
  return concatBytes(Uint8Array.of(0x02, bytes.length), bytes);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(bytes)}`);
}

function toBytes(value: bigint, width: number): Buffer {
  return Buffer.from(value.toString(16).padStart(width * 2, '0'), 'hex');
}
