import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '../../bytes/sequences.ts';
import { CoreError } from '../../core-error.ts';
import { checkEd25519Key, isSmallOrder } from './ed25519-key.ts';

const { Point } = ed25519;
const HALF = 32;

/** Checks one raw Ed25519 signature of 64 bytes. */
export type Ed25519Check = (message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * The check of signatures of one key, without the cofactor: R must be the encoding of [S]B - [k]A (RFC 8032, section
 * 5.1.7, second equation), and R is not of small order. So decides OpenSSL 3.5, of which Node is made. The library's own
 * check multiplies by the cofactor and accepts crafted signatures that others refuse; a log on which verifiers disagree
 * is no log. (Go differs in one point: it accepts an R of small order, which no signer makes.)
 *
 * @throws CoreError `malformed` for bytes that are no key, or one of small order.
 */
export function ed25519Check(publicKey: Uint8Array): Ed25519Check {
  checkEd25519Key(publicKey);
  const key = publicKey.slice();
  const point = Point.fromBytes(key);
  return (message, signature) => {
    if (signature.length !== 2 * HALF) return false;
    const r = signature.subarray(0, HALF);
    const s = bytesToNumberLE(signature.subarray(HALF));
    if (s >= Point.Fn.ORDER || isSmallOrder(r)) return false;
    const k = bytesToNumberLE(sha512(concatBytes(r, key, message))) % Point.Fn.ORDER;
    const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
    return equalBytes(expected.toBytes(), r);
  };
}

/**
 * Public key and signing function of a seed (the private key of RFC 8032).
 *
 * @throws CoreError `malformed` for a seed that has not 32 bytes.
 */
export function ed25519KeyPair(seed: Uint8Array): {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
} {
  if (seed.length !== HALF) throw new CoreError('malformed', `an Ed25519 seed has ${HALF} bytes`);
  const secret = seed.slice();
  return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
}
