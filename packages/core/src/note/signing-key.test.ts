import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { encodeBase64 } from '../bytes/base64.ts';
import { decodeHex } from '../bytes/hex.ts';
import { CoreError } from '../core-error.ts';
import { expectCode } from '../testing/expect-code.ts';
import { formatSigningKey, parseSigningKey } from './signing-key.ts';
import { ed25519CosignerOf } from './types/cosignature.ts';
import { ed25519SignerOf } from './types/ed25519.ts';
import { mlDsaCosignerOf } from './types/ml-dsa.ts';
import { parseVerifierKey } from './verifier-key.ts';

const { keys } = c2sp;
const skey = keys.log_skey;
const vkey = parseVerifierKey(c2sp.keys.log_0x01);
const seed = decodeHex(c2sp.keys.log_seed_hex);

test('vector: the signing key of the log reads, writes back and makes its public key', () => {
  const parsed = parseSigningKey(skey);
  expect(parsed).toEqual({ name: 'log.example/c2sp', keyId: vkey.keyId, type: 1, seed });
  expect(formatSigningKey(vkey, parsed.seed)).toBe(skey);
  expect(ed25519SignerOf(parsed).key).toEqual(vkey);
});

test.each([
  ['nothing', ''],
  ['no prefix', skey.slice('PRIVATE+KEY+'.length)],
  ['a prefix in lowercase', skey.replace('PRIVATE+KEY', 'private+key')],
  ['no key id', skey.replace('+f4911991', '')],
  ['an uppercase key id', skey.replace('f4911991', 'F4911991')],
  ['no name', skey.replace('log.example/c2sp', '')],
  ['a space in the name', skey.replace('log.example', 'log example')],
  ['a newline behind it', `${skey}\n`],
  ['no key', 'PRIVATE+KEY+a+00000000+'],
  ['a seed of 31 bytes', `PRIVATE+KEY+a+00000000+${encodeBase64(Uint8Array.of(1, ...seed.subarray(1)))}`],
  ['a seed of 33 bytes', `PRIVATE+KEY+a+00000000+${encodeBase64(Uint8Array.of(1, ...seed, 0))}`],
  ['base64 that is not canonical', skey.replace(/z$/, 'y=')],
  ['too many characters', `PRIVATE+KEY+a+00000000+${'A'.repeat(4096)}`],
])('a signing key with %s', (_, text) => {
  const { message } = expectCode(() => parseSigningKey(text), CoreError, 'malformed');
  expect(message).not.toContain('WWFd4z63n');
});

test('the forms for cosigners', () => {
  for (const [id, seedHex, make] of [
    ['witness_0x04', keys.witness_seed_hex, ed25519CosignerOf],
    ['witness_0x06', keys.mldsa_witness_seed_hex, mlDsaCosignerOf],
  ] as const) {
    const key = parseVerifierKey(keys[id]);
    const text = formatSigningKey(key, decodeHex(seedHex));
    expect(make(parseSigningKey(text)).key).toEqual(key);
    expectCode(() => make(parseSigningKey(text.replace('witness.example', 'w.example'))), CoreError, 'mismatch');
    expectCode(() => make(parseSigningKey(skey)), CoreError, 'unknown-key');
    expectCode(() => ed25519SignerOf(parseSigningKey(text)), CoreError, 'unknown-key');
  }
});

test('a signing key of another type', () => {
  for (const type of [0, 2, 3, 5, 7, 255]) {
    const text = `PRIVATE+KEY+a+00000000+${encodeBase64(Uint8Array.of(type, ...seed))}`;
    expectCode(() => parseSigningKey(text), CoreError, 'unknown-key');
  }
  expectCode(() => formatSigningKey({ ...vkey, type: 2 }, seed), CoreError, 'unknown-key');
  expectCode(() => formatSigningKey(vkey, seed.subarray(1)), CoreError, 'malformed');
});

test('SN-16: a signing key whose id is not that of its public key makes no signer', () => {
  const wrong = parseSigningKey(skey.replace('f4911991', 'f4911992'));
  expectCode(() => ed25519SignerOf(wrong), CoreError, 'mismatch');
  const renamed = parseSigningKey(skey.replace('log.example', 'lag.example'));
  expectCode(() => ed25519SignerOf(renamed), CoreError, 'mismatch');
});
