import { constants, createHash, generateKeyPairSync, type KeyObject, privateEncrypt, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyRsaPkcs1Sha256 } from './rsa.ts';

const MESSAGE = Buffer.from('artifact');
const DIGEST = createHash('sha256').update(MESSAGE).digest();
const INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SPKI = spkiOf(publicKey);
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
  expect(verifyRsaPkcs1Sha256(spkiOf(pair.publicKey), DIGEST, signature)).toBe(true);
  expect(verifyRsaPkcs1Sha256(SPKI, DIGEST, signature)).toBe(false);
});

const good = sign('sha256', MESSAGE, privateKey);
const flipped = Buffer.from(good);
flipped[100] = good.readUInt8(100) ^ 1;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test.each<[string, boolean, Uint8Array, Uint8Array, Uint8Array]>([
  ['as signed', true, SPKI, DIGEST, good],
  ['the same block by hand', true, SPKI, DIGEST, rawSign(block(payload))],
  ['one bit flipped', false, SPKI, DIGEST, flipped],
  ['another digest', false, SPKI, createHash('sha256').update('x').digest(), good],
  ['digest cut', false, SPKI, DIGEST.subarray(1), good],
  ['empty digest', false, SPKI, new Uint8Array(0), good],
  ['a byte too short', false, SPKI, DIGEST, good.subarray(1)],
  ['a zero in front', false, SPKI, DIGEST, Buffer.concat([Buffer.of(0), good])],
  ['a byte behind', false, SPKI, DIGEST, Buffer.concat([good, Buffer.of(0)])],
  ['empty', false, SPKI, DIGEST, new Uint8Array(0)],
  ['zero', false, SPKI, DIGEST, new Uint8Array(SIZE)],
  ['number above the modulus', false, SPKI, DIGEST, new Uint8Array(SIZE).fill(0xff)],
  ['SHA-512 digest info', false, SPKI, DIGEST, sign('sha512', MESSAGE, privateKey)],
  ['SHA-1 digest info', false, SPKI, DIGEST, sign('sha1', MESSAGE, privateKey)],
  ['PSS', false, SPKI, DIGEST, sign('sha256', MESSAGE, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })],
  ['no digest info', false, SPKI, DIGEST, rawSign(block(DIGEST))],
  [
    'digest info without NULL',
    false,
    SPKI,
    DIGEST,
    rawSign(
      block(Buffer.concat([Buffer.from('302f300b0609608648016503040201', 'hex'), Buffer.from('0420', 'hex'), DIGEST])),
    ),
  ],
  ['padding type 2', false, SPKI, DIGEST, rawSign(block(payload, { type: 2 }))],
  ['padding type 0', false, SPKI, DIGEST, rawSign(block(payload, { type: 0, filler: 0 }))],
  ['filler not FF', false, SPKI, DIGEST, rawSign(block(payload, { filler: 0xfe }))],
  ['no separator', false, SPKI, DIGEST, rawSign(block(payload, { separator: 0xff }))],
  ['garbage behind the digest', false, SPKI, DIGEST, rawSign(block(Buffer.concat([payload, Buffer.alloc(40, 7)])))],
  [
    'short filler, garbage behind',
    false,
    SPKI,
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
    SPKI,
    DIGEST,
    rawSign(block(Buffer.concat([INFO.subarray(0, 4), Buffer.of(5, 0), INFO.subarray(4), DIGEST]))),
  ],
  ['an elliptic key', false, spkiOf(ec.publicKey), DIGEST, good],
  ['no key', false, Buffer.from('nonsense'), DIGEST, good],
  ['an empty key', false, new Uint8Array(0), DIGEST, good],
])('%s: %s', (_name, expected, spki, digest, signature) => {
  expect(verifyRsaPkcs1Sha256(spki, digest, signature)).toBe(expected);
});
