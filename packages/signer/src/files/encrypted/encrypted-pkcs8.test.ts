import { createCipheriv, generateKeyPairSync, pbkdf2Sync, scryptSync } from 'node:crypto';
import { concatBytes, decodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError, type SignerErrorCode } from '../../signer-error.ts';
import { readEncryptedPkcs8 } from './encrypted-pkcs8.ts';

const PASSWORD = encodeUtf8('geheim');
const SALT = new Uint8Array(16).fill(1);
const IV = new Uint8Array(16).fill(2);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PLAIN = privateKey.export({ type: 'pkcs8', format: 'der' });

/** Writes DER, without the code under test. */
function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...parts);
  const size = body.length < 128 ? [body.length] : [0x82, Math.floor(body.length / 256), body.length % 256];
  return concatBytes(Uint8Array.of(tag, ...size), body);
}
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...parts);
const oid = (hex: string): Uint8Array => tlv(0x06, decodeHex(hex));
const integer = (hex: string): Uint8Array => tlv(0x02, decodeHex(hex));

const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
const SCRYPT = '2b06010401da47040b';
const hmacSha256 = sequence(oid('2a864886f70d0209'), tlv(0x05));
const aes256Cbc = sequence(oid('60864801650304012a'), tlv(0x04, IV));

function encrypted(derivation: Uint8Array, key: Uint8Array = new Uint8Array(32), scheme = PBES2): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', key, IV);
  const ciphertext = concatBytes(cipher.update(PLAIN), cipher.final());
  return sequence(sequence(oid(scheme), sequence(derivation, aes256Cbc)), tlv(0x04, ciphertext));
}

const pbkdf2 = (iterations: string): Uint8Array =>
  sequence(oid(PBKDF2), sequence(tlv(0x04, SALT), integer(iterations), hmacSha256));
const scrypt = (N: string, r: string, p: string): Uint8Array =>
  sequence(oid(SCRYPT), sequence(tlv(0x04, SALT), integer(N), integer(r), integer(p)));

function refused(der: Uint8Array, code: SignerErrorCode, words: RegExp): void {
  const started = performance.now();
  expect(expectCode(() => readEncryptedPkcs8(der, PASSWORD), SignerError, code).message).toMatch(words);
  expect(performance.now() - started).toBeLessThan(500);
}

test('files that are put together here open, so that what is refused below is refused for its numbers', () => {
  const keys = [
    encrypted(pbkdf2('0800'), pbkdf2Sync(PASSWORD, SALT, 2048, 32, 'sha256')),
    encrypted(scrypt('0400', '08', '01'), scryptSync(PASSWORD, SALT, 32, { N: 1024, r: 8, p: 1 })),
  ];
  for (const der of keys) {
    const opened = readEncryptedPkcs8(der, PASSWORD);
    expect(opened.export({ type: 'pkcs8', format: 'der' })).toEqual(PLAIN);
    expect(opened.asymmetricKeyType).toBe(publicKey.asymmetricKeyType);
    expectCode(() => readEncryptedPkcs8(der, encodeUtf8('guess')), SignerError, 'wrong-password');
    expectCode(() => readEncryptedPkcs8(der, undefined), SignerError, 'encrypted');
  }
});

test('work that would take hours or gigabytes is refused before any of it is done', () => {
  refused(encrypted(pbkdf2('00989681')), 'unsupported-key', /more than 10000000 iterations/);
  refused(encrypted(pbkdf2('7fffffff')), 'unsupported-key', /iterations/);
  refused(encrypted(pbkdf2('7fffffffffffffffffff')), 'unsupported-key', /iterations/);
  refused(encrypted(scrypt('010000', '08', '01')), 'unsupported-key', /N=65536, r=8, p=1/);
  refused(encrypted(scrypt('0400', '7fffffff', '01')), 'unsupported-key', /more work from scrypt/);
  refused(encrypted(scrypt('4000', '08', '40')), 'unsupported-key', /more work from scrypt/);
  for (const iterations of ['00', '80', '']) refused(encrypted(pbkdf2(iterations)), 'malformed', /iterations/);
  refused(encrypted(scrypt('0401', '08', '01')), 'malformed', /not valid/);
  refused(encrypted(scrypt('0400', '08', '00')), 'malformed', /not valid/);
});

test('other schemes and other structures are refused by name', () => {
  refused(encrypted(pbkdf2('0800'), undefined, '2a864886f70d010503'), 'unsupported-key', /older than PBES2/);
  refused(encrypted(sequence(oid('2a0304'), sequence())), 'unsupported-key', /unknown way/);
  refused(sequence(), 'malformed', /EncryptedPrivateKeyInfo/);
  refused(sequence(tlv(0x04, SALT)), 'malformed', /EncryptedPrivateKeyInfo/);
  refused(PLAIN, 'malformed', /EncryptedPrivateKeyInfo/);
  refused(encrypted(sequence(oid(PBKDF2), tlv(0x04, SALT))), 'malformed', /EncryptedPrivateKeyInfo/);
  refused(encrypted(tlv(0x30, Uint8Array.of(0x06, 0x20, 0x01))), 'malformed', /cut off or damaged/);
});
