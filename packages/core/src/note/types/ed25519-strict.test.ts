import { createPublicKey, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHex } from '../../bytes/hex.ts';
import { concatBytes } from '../../bytes/sequences.ts';
import { encodeUtf8 } from '../../bytes/utf8.ts';
import { CoreError } from '../../core-error.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { checkEd25519Key } from './ed25519-key.ts';
import { ed25519Check, ed25519KeyPair } from './ed25519-point.ts';

const { Point } = ed25519;
/** A point of order 8. */
const TORSION = Point.fromBytes(decodeHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'));
const torsion = Array.from({ length: 8 }, (_, i) => TORSION.multiplyUnsafe(BigInt(i)));
const message = encodeUtf8('log.example\n1\n');

test('the eight points of small order are no keys, in either sign and in any encoding', () => {
  expect(torsion.map((point) => point.isSmallOrder())).toEqual(Array(8).fill(true));
  expect(new Set(torsion.map(String)).size).toBe(8);
  for (const point of torsion) {
    for (const sign of [0, 128]) {
      const key = point.toBytes();
      key[31] = ((key[31] ?? 0) % 128) + sign;
      expectCode(() => checkEd25519Key(key), CoreError, 'malformed');
    }
  }
});

test('a y coordinate that is not reduced is no key', () => {
  const p = 2n ** 255n - 19n;
  for (let y = p; y < 2n ** 255n; y++) {
    expectCode(() => checkEd25519Key(numberToBytesLE(y, 32)), CoreError, 'malformed');
  }
});

test('what is a key is what the curve library takes for a point that is not of small order', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
      let isKey: boolean;
      try {
        isKey = !Point.fromBytes(key, false).isSmallOrder();
      } catch {
        isKey = false;
      }
      if (isKey) checkEd25519Key(key);
      else expectCode(() => checkEd25519Key(key), CoreError, 'malformed');
    }),
    { numRuns: 300 },
  );
});

test('keys of another length', () => {
  for (const length of [0, 31, 33, 64]) {
    expectCode(() => checkEd25519Key(new Uint8Array(length).fill(3)), CoreError, 'malformed');
  }
});

/** A signature whose R has a part of small order: it holds with the cofactor alone. */
function withTorsion(
  secret: bigint,
  part: typeof TORSION,
): { readonly key: Uint8Array; readonly signature: Uint8Array } {
  const key = Point.BASE.multiply(secret).toBytes();
  const nonce = 987_654_321n;
  const r = Point.BASE.multiply(nonce).add(part).toBytes();
  const k = bytesToNumberLE(sha512(concatBytes(r, key, message))) % Point.Fn.ORDER;
  const s = (nonce + k * secret) % Point.Fn.ORDER;
  return { key, signature: concatBytes(r, numberToBytesLE(s, 32)) };
}

test('a signature that holds with the cofactor alone is refused, though the library would take it', () => {
  for (const part of torsion.slice(1)) {
    const { key, signature } = withTorsion(12_345n, part);
    expect(ed25519.verify(signature, message, key, { zip215: false })).toBe(true);
    expect(ed25519Check(key)(message, signature)).toBe(false);
  }
  const { key, signature } = withTorsion(12_345n, Point.ZERO);
  expect(ed25519Check(key)(message, signature)).toBe(true);
});

/** What OpenSSL says to a signature. */
function openssl(key: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}

test('OpenSSL agrees on every mixture of small order in key and R', () => {
  const verdicts: boolean[] = [];
  for (const inKey of torsion) {
    const key = Point.BASE.multiply(12_345n).add(inKey).toBytes();
    const own = ed25519Check(key);
    for (const inR of torsion) {
      for (const nonce of [1n, 2n, 3n]) {
        const r = Point.BASE.multiply(nonce).add(inR).toBytes();
        const k = bytesToNumberLE(sha512(concatBytes(r, key, message))) % Point.Fn.ORDER;
        const signature = concatBytes(r, numberToBytesLE((nonce + k * 12_345n) % Point.Fn.ORDER, 32));
        verdicts.push(own(message, signature));
        expect(openssl(key, signature)).toBe(verdicts.at(-1));
      }
    }
  }
  expect(verdicts.filter(Boolean).length).toBeGreaterThanOrEqual(3);
  expect(verdicts.filter(Boolean).length).toBeLessThan(verdicts.length / 2);
});

test('an R of small order is refused, in any encoding', () => {
  const identity = [1n, 1n + 2n ** 255n - 19n, 1n + 2n ** 255n].map((y) => numberToBytesLE(y, 32));
  for (const inKey of torsion) {
    const key = Point.BASE.multiply(12_345n).add(inKey).toBytes();
    for (const r of [...identity, ...torsion.map((point) => point.toBytes())]) {
      const k = bytesToNumberLE(sha512(concatBytes(r, key, message))) % Point.Fn.ORDER;
      const signature = concatBytes(r, numberToBytesLE((k * 12_345n) % Point.Fn.ORDER, 32));
      expect([ed25519Check(key)(message, signature), openssl(key, signature)]).toEqual([false, false]);
    }
  }
});

test('what is signed is verified, and is what the library signs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 200 }), (seed, text) => {
      const { publicKey, sign } = ed25519KeyPair(seed);
      expect(ed25519Check(publicKey)(text, sign(text))).toBe(true);
      expect(ed25519.verify(sign(text), text, publicKey)).toBe(true);
    }),
    { numRuns: 30 },
  );
  expectCode(() => ed25519KeyPair(new Uint8Array(31)), CoreError, 'malformed');
});
