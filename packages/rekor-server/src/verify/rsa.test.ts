import { constants, createHash, generateKeyPairSync, type KeyObject, privateEncrypt, sign } from 'node:crypto';
import { parsePublicKey, type RsaPublicKey } from '@tilewright/rekor-entry';
import { expect, test } from 'vitest';
import { verifyRsaPkcs1Sha256 } from './rsa.ts';

const MESSAGE = Buffer.from('artifact');
const DIGEST = createHash('sha256').update(MESSAGE).digest();
const INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
function keyOf(key: KeyObject): RsaPublicKey {
  const parsed = parsePublicKey(Uint8Array.from(key.export({ type: 'spki', format: 'der' })));
  if (parsed.kind !== 'rsa') throw new Error('not an RSA key');
  return parsed;
}
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = keyOf(publicKey);
const SIZE = 256;

/** A signature over any block of the modulus' size: what no honest signer makes. */
const rawSign = (block: Buffer): Buffer =>
  privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);

/** 00 01 FF.. 00 payload, with the parts to bend. */
function block(payload: Buffer, change: { type?: number; filler?: number; separator?: number } = {}): Buffer {
  const filler = Buffer.alloc(SIZE - 3 - payload.length, change.filler ?? 0xff);
  return Buffer.concat([Buffer.of(0, change.type ?? 1), filler, Buffer.of(change.separator ?? 0), payload]);
}
const payload = Buffer.concat([INFO, DIGEST]);

test.each([2048, 3072, 4096, 2047])('a signature by a key of %i bits', (modulusLength) => {
  const pair = generateKeyPairSync('rsa', { modulusLength });
  const signature = sign('sha256', MESSAGE, pair.privateKey);
  expect(verifyRsaPkcs1Sha256(keyOf(pair.publicKey), DIGEST, signature)).toBe(true);
  expect(verifyRsaPkcs1Sha256(KEY, DIGEST, signature)).toBe(false);
});

const good = sign('sha256', MESSAGE, privateKey);
const flipped = Buffer.from(good);
flipped[100] = good.readUInt8(100) ^ 1;

test.each<[string, boolean, RsaPublicKey, Uint8Array, Uint8Array]>([
  ['as signed', true, KEY, DIGEST, good],
  ['the same block by hand', true, KEY, DIGEST, rawSign(block(payload))],
  ['one bit flipped', false, KEY, DIGEST, flipped],
  ['another digest', false, KEY, createHash('sha256').update('x').digest(), good],
  ['digest cut', false, KEY, DIGEST.subarray(1), good],
  ['empty digest', false, KEY, new Uint8Array(0), good],
  ['a byte too short', false, KEY, DIGEST, good.subarray(1)],
  ['a zero in front', false, KEY, DIGEST, Buffer.concat([Buffer.of(0), good])],
  ['a byte behind', false, KEY, DIGEST, Buffer.concat([good, Buffer.of(0)])],
  ['empty', false, KEY, DIGEST, new Uint8Array(0)],
  ['zero', false, KEY, DIGEST, new Uint8Array(SIZE)],
  ['number above the modulus', false, KEY, DIGEST, new Uint8Array(SIZE).fill(0xff)],
  ['SHA-512 digest info', false, KEY, DIGEST, sign('sha512', MESSAGE, privateKey)],
  ['SHA-1 digest info', false, KEY, DIGEST, sign('sha1', MESSAGE, privateKey)],
  ['PSS', false, KEY, DIGEST, sign('sha256', MESSAGE, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })],
  ['no digest info', false, KEY, DIGEST, rawSign(block(DIGEST))],
  [
    'digest info without NULL',
    false,
    KEY,
    DIGEST,
    rawSign(
      block(Buffer.concat([Buffer.from('302f300b0609608648016503040201', 'hex'), Buffer.from('0420', 'hex'), DIGEST])),
    ),
  ],
  ['padding type 2', false, KEY, DIGEST, rawSign(block(payload, { type: 2 }))],
  ['padding type 0', false, KEY, DIGEST, rawSign(block(payload, { type: 0, filler: 0 }))],
  ['filler not FF', false, KEY, DIGEST, rawSign(block(payload, { filler: 0xfe }))],
  ['no separator', false, KEY, DIGEST, rawSign(block(payload, { separator: 0xff }))],
  ['garbage behind the digest', false, KEY, DIGEST, rawSign(block(Buffer.concat([payload, Buffer.alloc(40, 7)])))],
  [
    'short filler, garbage behind',
    false,
    KEY,
    DIGEST,
    rawSign(
      Buffer.concat([
        Buffer.from('0001ffffffffffffffffff00', 'hex'),
        payload,
        Buffer.alloc(SIZE - 12 - payload.length, 3),
      ]),
    ),
  ],
  [
    'garbage inside the digest info',
    false,
    KEY,
    DIGEST,
    rawSign(block(Buffer.concat([INFO.subarray(0, 4), Buffer.of(5, 0), INFO.subarray(4), DIGEST]))),
  ],
  ['no key', false, { ...KEY, spki: Buffer.from('nonsense') }, DIGEST, good],
])('%s: %s', (_name, expected, key, digest, signature) => {
  expect(verifyRsaPkcs1Sha256(key, digest, signature)).toBe(expected);
});
