import { generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { secretbox } from '@noble/ciphers/salsa.js';
import { decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { loadSignerFile } from '../../load/load-signer-file.ts';
import { SignerError, type SignerErrorCode } from '../../signer-error.ts';
import { decryptSigstore } from './encrypted-sigstore.ts';

interface Vectors {
  readonly boxes: readonly { source: string; password: string; json: string; plaintext: string }[];
  readonly files: readonly { source: string; password: string; keyDetails: string; pem: string }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../../../testdata/encrypted-key-vectors.json', import.meta.url), 'utf8'),
);
const ORIGIN = 'log.example.com';
const PASSWORD = 'correct horse';
const pair = generateKeyPairSync('ed25519').privateKey;
const der = pair.export({ type: 'pkcs8', format: 'der' });
const expected = loadSignerFile(pair.export({ type: 'pkcs8', format: 'pem' }) as string, ORIGIN).vkey;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Such a file's JSON, made without the code under test. */
function box(plaintext: Uint8Array, password: string, N = 16): Record<'kdf' | 'cipher' | 'ciphertext', unknown> {
  const salt = randomBytes(32);
  const nonce = randomBytes(24);
  const sealed = secretbox(scryptSync(password, salt, 32, { N, r: 8, p: 1, maxmem: 2 ** 26 }), nonce).seal(plaintext);
  return {
    kdf: { name: 'scrypt', params: { N, r: 8, p: 1 }, salt: base64(salt) },
    cipher: { name: 'nacl/secretbox', nonce: base64(nonce) },
    ciphertext: base64(sealed),
  };
}

function pemOf(json: unknown, label = 'ENCRYPTED SIGSTORE PRIVATE KEY'): string {
  const lines = base64(encodeUtf8(typeof json === 'string' ? json : JSON.stringify(json))).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function refused(json: unknown, code: SignerErrorCode, words = /./, password = PASSWORD): void {
  const { message } = expectCode(() => loadSignerFile(pemOf(json), ORIGIN, encodeUtf8(password)), SignerError, code);
  expect(message).toMatch(words);
  if (password !== '') expect(message).not.toContain(password);
}

test.each(vectors.boxes)('published vector of $source', ({ json, password, plaintext }) => {
  expect(decodeUtf8(decryptSigstore(encodeUtf8(json), encodeUtf8(password)))).toBe(plaintext);
  expectCode(
    () => decryptSigstore(encodeUtf8(json), encodeUtf8(`\0${password.slice(1)}`)),
    SignerError,
    'wrong-password',
  );
});

test.each(vectors.files)('published key file $source', async ({ pem, password, keyDetails }) => {
  const key = loadSignerFile(pem, ORIGIN, encodeUtf8(password));
  expect(key.keyDetails).toBe(keyDetails);
  const text = encodeUtf8('a note\n');
  expect(key.verifier.verify(text, await key.signer.sign(text))).toBe(true);
  expectCode(() => loadSignerFile(pem, ORIGIN, encodeUtf8('wrong')), SignerError, 'wrong-password');
  if (password === '') expect(loadSignerFile(pem, ORIGIN).vkey).toBe(key.vkey);
  else expectCode(() => loadSignerFile(pem, ORIGIN), SignerError, 'encrypted');
});

test.each(['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY'])('%s opens with its password', (label) => {
  for (const N of [16, 32768]) {
    const pem = pemOf(box(der, PASSWORD, N), label);
    expect(loadSignerFile(pem, ORIGIN, encodeUtf8(PASSWORD)).vkey).toBe(expected);
    expectCode(() => loadSignerFile(pem, ORIGIN, encodeUtf8('guess')), SignerError, 'wrong-password');
    expectCode(() => loadSignerFile(pem, ORIGIN), SignerError, 'encrypted');
  }
});

test('one that was encrypted without a password opens without', () => {
  const pem = pemOf(box(der, ''));
  expect(loadSignerFile(pem, ORIGIN).vkey).toBe(expected);
  expect(loadSignerFile(pem, ORIGIN, new Uint8Array()).vkey).toBe(expected);
  expectCode(() => loadSignerFile(pem, ORIGIN, encodeUtf8('guess')), SignerError, 'wrong-password');
});

test('work that would take gigabytes, or minutes, is refused before any of it is done', () => {
  const good = box(der, PASSWORD);
  const asks = (N: number, r: number, p: number) => ({
    ...good,
    kdf: { ...(good.kdf as object), params: { N, r, p } },
  });
  const started = performance.now();
  refused(asks(2 ** 30, 8, 1), 'unsupported-key', /N=1073741824, r=8, p=1/);
  refused(asks(2 ** 18, 8, 1), 'unsupported-key', /more work from scrypt/);
  refused(asks(16, 2 ** 25, 1), 'unsupported-key', /more work from scrypt/);
  refused(asks(16, 8, 2 ** 25), 'unsupported-key', /more work from scrypt/);
  refused(asks(2 ** 14, 8, 64), 'unsupported-key', /more work from scrypt/);
  refused(asks(2 ** 60, 8, 1), 'malformed', /not valid/);
  for (const N of [0, 1, -2, 3, 1000, 1.5, 1e300]) refused(asks(N, 8, 1), 'malformed', /not valid/);
  for (const r of [0, -1, 0.5]) refused(asks(16, r, 1), 'malformed', /not valid/);
  for (const p of [0, -1, 0.5]) refused(asks(16, 8, p), 'malformed', /not valid/);
  // scrypt has no N of this size with this r.
  refused(asks(65536, 1, 1), 'malformed');
  expect(performance.now() - started).toBeLessThan(1000);
});

test('JSON that is not that of such a file is malformed, other algorithms are refused', () => {
  const good = box(der, PASSWORD);
  const { kdf, cipher } = good as { kdf: object; cipher: object };
  refused('{', 'malformed', /damaged/);
  for (const value of [null, 5, 'text', [], {}]) refused(JSON.stringify(value), 'malformed', /damaged/);
  for (const part of ['kdf', 'cipher', 'ciphertext']) refused({ ...good, [part]: undefined }, 'malformed');
  for (const salt of [undefined, 7, 'a', 'AA']) refused({ ...good, kdf: { ...kdf, salt } }, 'malformed');
  for (const nonce of [undefined, '', base64(new Uint8Array(23))])
    refused({ ...good, cipher: { ...cipher, nonce } }, 'malformed');
  for (const ciphertext of ['', 'AAAA', 7]) refused({ ...good, ciphertext }, 'malformed');
  for (const params of [{}, { N: '16', r: 8, p: 1 }, null]) refused({ ...good, kdf: { ...kdf, params } }, 'malformed');
  refused({ ...good, kdf: { ...kdf, name: 'argon2' } }, 'unsupported-key', /other algorithms/);
  refused({ ...good, cipher: { ...cipher, name: 'aes' } }, 'unsupported-key', /other algorithms/);
});

test('what is encrypted must be one PKCS#8 key of a kind that signs', () => {
  refused(box(encodeUtf8('hello'), PASSWORD), 'malformed', /one complete DER SEQUENCE/);
  refused(box(Buffer.concat([der, Uint8Array.of(0)]), PASSWORD), 'malformed', /one complete DER SEQUENCE/);
  refused(box(Buffer.from('300302010a', 'hex'), PASSWORD), 'malformed', /PKCS#8/);
  const ed448 = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'der' });
  refused(box(ed448, PASSWORD), 'unsupported-key', /ED448/);
});

test('header lines do not belong there', () => {
  const pem = pemOf(box(der, PASSWORD)).replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\n\n');
  expectCode(() => loadSignerFile(pem, ORIGIN, encodeUtf8(PASSWORD)), SignerError, 'malformed');
});
