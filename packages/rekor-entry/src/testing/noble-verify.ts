// A slow verifying port for tests: noble's curves and BigInt. The one that a server uses is in rekor-server.
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, decodeHex, encodeHex, equalBytes } from '@tilewright/core/bytes';
import type { EcdsaPublicKey, Ed25519PublicKey, RsaPublicKey } from '../keys/public-key.ts';
import type { HashName, SignedInput, VerifySignature } from '../signature/verify-signature.ts';

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 };
const HASH_FUNCTIONS = { 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 };
// RFC 8017, 9.2, note 1: DigestInfo up to the digest.
const DIGEST_INFO: Readonly<Record<HashName, Uint8Array>> = {
  'SHA-256': decodeHex('3031300d060960864801650304020105000420'),
  'SHA-384': decodeHex('3041300d060960864801650304020205000430'),
  'SHA-512': decodeHex('3051300d060960864801650304020305000440'),
};

/** The port on @noble/curves. */
export const nobleVerify: VerifySignature = (key, input, signature) => {
  if (key.kind === 'ed25519') return verifyEd25519(key, input, signature);
  const digest = input.kind === 'digest' ? input.digest : HASH_FUNCTIONS[input.hash](input.message);
  return key.kind === 'ecdsa' ? verifyEcdsa(key, digest, signature) : verifyRsa(key, input.hash, digest, signature);
};

function verifyEcdsa({ curve, point }: EcdsaPublicKey, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return CURVES[curve].verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
  } catch {
    return false;
  }
}

function verifyEd25519({ raw }: Ed25519PublicKey, input: SignedInput, signature: Uint8Array): boolean {
  try {
    if (input.kind === 'message') return ed25519.verify(signature, input.message, raw, { zip215: false });
    return verifyPrehashed(raw, input.digest, signature);
  } catch {
    return false;
  }
}

// RFC 8032, 5.1: Ed25519ph is Ed25519 over dom2(1, "") and the digest, with dom2 in front of both hashes.
function verifyPrehashed(raw: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const order = ed25519.Point.Fn.ORDER;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (signature.length !== 64 || s >= order) return false;
  const domain = concatBytes(asciiBytes('SigEd25519 no Ed25519 collisions'), Uint8Array.of(1, 0));
  const k = littleEndian(sha512(concatBytes(domain, r, raw, digest))) % order;
  const a = ed25519.Point.fromBytes(raw, true);
  const left = s === 0n ? ed25519.Point.ZERO : ed25519.Point.BASE.multiplyUnsafe(s);
  return equalBytes(left.subtract(k === 0n ? ed25519.Point.ZERO : a.multiplyUnsafe(k)).toBytes(), r);
}

function verifyRsa(
  { modulus, exponent }: RsaPublicKey,
  hash: HashName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const n = BigInt(`0x${encodeHex(modulus)}`);
  const value = BigInt(`0x${encodeHex(signature)}`);
  if (signature.length !== modulus.length || value >= n) return false;
  const opened = power(value, BigInt(`0x${encodeHex(exponent)}`), n);
  const info = concatBytes(DIGEST_INFO[hash], digest);
  const padding = new Uint8Array(modulus.length - info.length - 3).fill(0xff);
  const expected = concatBytes(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
  return opened === BigInt(`0x${encodeHex(expected)}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left % 2n === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
