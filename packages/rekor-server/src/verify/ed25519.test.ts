import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { ed25519, ed25519ph } from '@noble/curves/ed25519.js';
import { expect, test } from 'vitest';
import { verifyEd25519, verifyEd25519ph } from './ed25519.ts';

const sha512 = (data: Uint8Array): Uint8Array => Uint8Array.from(createHash('sha512').update(data).digest());
const ORDER = ed25519.Point.Fn.ORDER;

test('the Ed25519ph vector of RFC 8032, 7.3', () => {
  const secret = Buffer.from('833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42', 'hex');
  const signature = Buffer.from(
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
    'hex',
  );
  const key = ed25519.getPublicKey(Uint8Array.from(secret));
  expect(verifyEd25519ph(key, sha512(Buffer.from('abc')), signature)).toBe(true);
});

const secret = ed25519ph.utils.randomSecretKey();
const point = ed25519ph.getPublicKey(secret);
const message = new TextEncoder().encode('artifact');
const good = ed25519ph.sign(message, secret);
const withS = (change: (s: bigint) => bigint): Uint8Array => {
  const s = BigInt(`0x${Buffer.from(good.subarray(32)).reverse().toString('hex')}`);
  const hex = change(s).toString(16).padStart(64, '0');
  return Uint8Array.from([...good.subarray(0, 32), ...Buffer.from(hex, 'hex').reverse()]);
};
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const identity = Uint8Array.from([1, ...new Uint8Array(31)]);

test.each<[string, boolean, Uint8Array, Uint8Array, Uint8Array]>([
  ['as signed', true, point, sha512(message), good],
  ['the pure variant', false, point, sha512(message), ed25519.sign(message, secret)],
  ['the pure variant over the digest', false, point, sha512(message), ed25519.sign(sha512(message), secret)],
  ['another digest', false, point, sha512(good), good],
  ['digest of 32 bytes', false, point, sha512(message).subarray(32), good],
  ['empty digest', false, point, new Uint8Array(0), good],
  ['R changed', false, point, sha512(message), flip(good, 3)],
  ['S changed', false, point, sha512(message), flip(good, 40)],
  ['S + L', false, point, sha512(message), withS((s) => s + ORDER)],
  ['S = 0', false, point, sha512(message), withS(() => 0n)],
  ['S = L', false, point, sha512(message), withS(() => ORDER)],
  ['cut', false, point, sha512(message), good.subarray(0, 63)],
  ['a byte behind', false, point, sha512(message), Uint8Array.from([...good, 0])],
  ['another key', false, ed25519.getPublicKey(ed25519.utils.randomSecretKey()), sha512(message), good],
  ['key of 31 bytes', false, point.subarray(1), sha512(message), good],
  ['key off the curve', false, Uint8Array.from([2, ...new Uint8Array(31)]), sha512(message), good],
  ['key of small order', false, identity, sha512(message), Uint8Array.from([...identity, ...new Uint8Array(32)])],
])('prehashed, %s: %s', (_name, expected, key, digest, signature) => {
  expect(verifyEd25519ph(key, digest, signature)).toBe(expected);
});

test('pure Ed25519 over a message', () => {
  const pair = generateKeyPairSync('ed25519');
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const signature = sign(null, message, pair.privateKey);
  expect(verifyEd25519(spki, message, signature)).toBe(true);
  expect(verifyEd25519(spki, message, flip(signature, 5))).toBe(false);
  expect(verifyEd25519(spki, message.subarray(1), signature)).toBe(false);
  expect(verifyEd25519(spki.subarray(1), message, signature)).toBe(false);
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });
  expect(verifyEd25519(ec, message, signature)).toBe(false);
});
