import { encodeHex } from '@tilewright/core/bytes';
import { TrustError } from './trust-error.ts';

/** Key kinds of transparency logs, by their names in the protobuf enum `PublicKeyDetails`. */
export type KeyDetails =
  | 'PKIX_ED25519'
  | 'PKIX_ECDSA_P256_SHA_256'
  | 'PKIX_ECDSA_P384_SHA_384'
  | 'PKIX_ECDSA_P521_SHA_512'
  | 'PKIX_RSA_PKCS1V15_2048_SHA256'
  | 'PKIX_RSA_PKCS1V15_3072_SHA256'
  | 'PKIX_RSA_PKCS1V15_4096_SHA256'
  | 'PKCS1_RSA_PKCS1V5';

/** A fixed beginning (hex) and the whole length in bytes of a DER SubjectPublicKeyInfo. */
type Shape = readonly [prefix: string, length: number];

const RSA_ENCRYPTION = '300d06092a864886f70d0101010500';

/** `rsa` is a modulus size in bits; the legacy PKCS#1 kind is a bare RSAPublicKey, still used by an old CT log. */
const SHAPES: Readonly<Record<KeyDetails, Shape | { readonly rsa: number } | 'pkcs1'>> = {
  PKIX_ED25519: ['302a300506032b6570032100', 44],
  PKIX_ECDSA_P256_SHA_256: ['3059301306072a8648ce3d020106082a8648ce3d03010703420004', 91],
  PKIX_ECDSA_P384_SHA_384: ['3076301006072a8648ce3d020106052b8104002203620004', 120],
  PKIX_ECDSA_P521_SHA_512: ['30819b301006072a8648ce3d020106052b810400230381860004', 158],
  PKIX_RSA_PKCS1V15_2048_SHA256: { rsa: 2048 },
  PKIX_RSA_PKCS1V15_3072_SHA256: { rsa: 3072 },
  PKIX_RSA_PKCS1V15_4096_SHA256: { rsa: 4096 },
  PKCS1_RSA_PKCS1V5: 'pkcs1',
};

/** Narrows a name. @throws TrustError `unsupported` */
export function requireKeyDetails(name: string, path: string): KeyDetails {
  if (Object.hasOwn(SHAPES, name)) return name as KeyDetails;
  throw new TrustError('unsupported', path, `not a key kind of a log; known are ${Object.keys(SHAPES).join(', ')}`);
}

/**
 * Checks that a key's bytes are of the kind that its `keyDetails` says: every client takes the kind from the one and the
 * key from the other. @throws TrustError `key-mismatch`
 */
export function requireKeyShape(rawBytes: Uint8Array, details: KeyDetails, path: string): void {
  const shape = SHAPES[details];
  const fits =
    shape === 'pkcs1'
      ? rsaModulusBits(rawBytes) !== undefined
      : 'rsa' in shape
        ? rsaSpkiModulusBits(rawBytes) === shape.rsa
        : rawBytes.length === shape[1] && encodeHex(rawBytes).startsWith(shape[0]);
  if (!fits) throw new TrustError('key-mismatch', path, `these bytes are not a key of the kind ${details}`);
}

/** The part of a SubjectPublicKeyInfo that names an Ed25519 key: its last 32 bytes. */
export function ed25519KeyOf(spki: Uint8Array): Uint8Array {
  return spki.subarray(12);
}

/**
 * Checks that `der` is one definite-length DER SEQUENCE with nothing after it; certificates are looked at no further.
 * @throws TrustError `bad-value`
 */
export function requireDer(der: Uint8Array, path: string): void {
  if (element(der, 0, 0x30)?.end !== der.length) {
    throw new TrustError('bad-value', path, 'one complete DER structure is needed (not PEM)');
  }
}

function rsaSpkiModulusBits(spki: Uint8Array): number | undefined {
  const outer = element(spki, 0, 0x30);
  if (outer === undefined || outer.end !== spki.length) return undefined;
  const algorithmEnd = outer.start + RSA_ENCRYPTION.length / 2;
  if (encodeHex(spki.subarray(outer.start, algorithmEnd)) !== RSA_ENCRYPTION) return undefined;
  const bits = element(spki, algorithmEnd, 0x03);
  if (bits === undefined || bits.end !== spki.length || spki[bits.start] !== 0) return undefined;
  return rsaModulusBits(spki.subarray(bits.start + 1));
}

function rsaModulusBits(rsaPublicKey: Uint8Array): number | undefined {
  const outer = element(rsaPublicKey, 0, 0x30);
  if (outer === undefined || outer.end !== rsaPublicKey.length) return undefined;
  const modulus = element(rsaPublicKey, outer.start, 0x02);
  const exponent = modulus && element(rsaPublicKey, modulus.end, 0x02);
  if (modulus === undefined || exponent?.end !== outer.end) return undefined;
  const digits = encodeHex(rsaPublicKey.subarray(modulus.start, modulus.end));
  return BigInt(`0x${digits || '0'}`).toString(2).length;
}

function element(der: Uint8Array, at: number, tag: number): { start: number; end: number } | undefined {
  const first = der[at + 1] ?? 0x80;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (der[at] !== tag || first === 0x80 || lengthBytes > 4) return undefined;
  const start = at + 2 + lengthBytes;
  let length = first < 0x80 ? first : 0;
  for (const byte of der.subarray(at + 2, start)) length = length * 256 + byte;
  return start + length <= der.length ? { start, end: start + length } : undefined;
}
