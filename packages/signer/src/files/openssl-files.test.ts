import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { afterAll, expect, test } from 'vitest';
import { loadSignerFile } from '../load/load-signer-file.ts';
import { SignerError } from '../signer-error.ts';

const ORIGIN = 'log.example.com';
const PASSWORD = 'öffne dich';
const TEXT = encodeUtf8('a note\n');
const directory = mkdtempSync(join(tmpdir(), 'tilewright-signer-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs openssl with `input` on its standard input, and returns its standard output. */
function openssl(words: string, input = ''): string {
  const args = words.split(' ').map((word) => (word === 'PASS' ? `pass:${PASSWORD}` : word));
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** `openssl` checks a signature of the file's key with the public key that it makes of the same file. */
async function expectSameKey(file: string, publicPem: string, name: string, digest?: string): Promise<void> {
  const key = loadSignerFile(file, ORIGIN, encodeUtf8(PASSWORD));
  expect(key.spkiPem).toBe(publicPem);
  const signature = await key.signer.sign(TEXT);
  expect(key.verifier.verify(TEXT, signature)).toBe(true);
  const [pub, text, sig] = [write(`${name}.pub`, publicPem), write('text', TEXT), write(`${name}.sig`, signature)];
  const check = digest === undefined ? '-rawin' : `-rawin -digest ${digest}`;
  const said = openssl(`pkeyutl -verify -pubin -inkey ${pub} ${check} -in ${text} -sigfile ${sig}`);
  expect(said).toContain('Signature Verified Successfully');
}

const NEW = {
  ed25519: 'genpkey -algorithm ed25519',
  p256: 'ecparam -name prime256v1 -genkey -noout',
  p384: 'ecparam -name secp384r1 -genkey -noout',
  p521: 'ecparam -name secp521r1 -genkey -noout',
  rsa2048: 'genrsa -traditional 2048',
  rsa3072: 'genrsa -traditional 3072',
} as const;
const made = Object.fromEntries(Object.entries(NEW).map(([name, words]) => [name, openssl(words)]));
const pem = (name: keyof typeof NEW): string => made[name] ?? '';

test.each([
  ['ed25519', 'PRIVATE KEY', 'PKIX_ED25519', undefined],
  ['p256', 'EC PRIVATE KEY', 'PKIX_ECDSA_P256_SHA_256', 'sha256'],
  ['p384', 'EC PRIVATE KEY', 'PKIX_ECDSA_P384_SHA_384', 'sha384'],
  ['p521', 'EC PRIVATE KEY', 'PKIX_ECDSA_P521_SHA_512', 'sha512'],
  ['rsa2048', 'RSA PRIVATE KEY', 'PKIX_RSA_PKCS1V15_2048_SHA256', 'sha256'],
  ['rsa3072', 'RSA PRIVATE KEY', 'PKIX_RSA_PKCS1V15_3072_SHA256', 'sha256'],
] as const)('%s, as openssl makes it, signs what openssl verifies', async (name, label, keyDetails, digest) => {
  const file = pem(name);
  expect(file).toContain(`-----BEGIN ${label}-----`);
  expect(loadSignerFile(file, ORIGIN).keyDetails).toBe(keyDetails);
  const publicPem = openssl('pkey -pubout', file);
  await expectSameKey(file, publicPem, name, digest);
  const pkcs8 = openssl('pkcs8 -topk8 -nocrypt', file);
  expect(loadSignerFile(pkcs8, ORIGIN).vkey).toBe(loadSignerFile(file, ORIGIN).vkey);
});

test.each([
  ['p256', 'pkcs8 -topk8 -v2 aes-256-cbc -passout PASS'],
  ['ed25519', 'pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512 -iter 10000 -passout PASS'],
  ['p521', 'pkcs8 -topk8 -v2 des3 -passout PASS'],
  ['p384', 'pkcs8 -topk8 -scrypt -passout PASS'],
  ['rsa2048', 'pkcs8 -topk8 -scrypt -scrypt_N 1024 -scrypt_p 2 -passout PASS'],
  ['p256', 'ec -aes256 -passout PASS'],
  ['p384', 'ec -des3 -passout PASS'],
  ['rsa2048', 'rsa -aes128 -traditional -passout PASS'],
  ['rsa3072', 'rsa -aes192 -traditional -passout PASS'],
] as const)('%s, encrypted by "openssl %s", opens with its password only', (name, words) => {
  const file = openssl(words, pem(name));
  expect(file).toContain('ENCRYPTED');
  expect(loadSignerFile(file, ORIGIN, encodeUtf8(PASSWORD)).vkey).toBe(loadSignerFile(pem(name), ORIGIN).vkey);
  for (const none of [undefined, new Uint8Array()]) {
    expectCode(() => loadSignerFile(file, ORIGIN, none), SignerError, 'encrypted');
  }
  for (const wrong of ['guess', `${PASSWORD} `, 'x'.repeat(2000)]) {
    const { message } = expectCode(
      () => loadSignerFile(file, ORIGIN, encodeUtf8(wrong)),
      SignerError,
      'wrong-password',
    );
    expect(message).not.toContain(wrong);
  }
  expectCode(() => loadSignerFile(file, ORIGIN, Uint8Array.of(0xff, 0xfe)), SignerError, 'wrong-password');
});

test('what "openssl ecparam -genkey" writes before the key is passed over', () => {
  const file = openssl('ecparam -name prime256v1 -genkey');
  expect(file).toContain('BEGIN EC PARAMETERS');
  expect(loadSignerFile(file, ORIGIN).spkiPem).toBe(openssl('pkey -pubout', file));
  expectCode(
    () => loadSignerFile(file.slice(0, file.indexOf('-----BEGIN EC PRIVATE')), ORIGIN),
    SignerError,
    'unsupported-key',
  );
});

test('keys encrypted in forms that are not read are refused by what to do', () => {
  const refused = (file: string, words: RegExp): void => {
    const { message } = expectCode(
      () => loadSignerFile(file, ORIGIN, encodeUtf8(PASSWORD)),
      SignerError,
      'unsupported-key',
    );
    expect(message).toMatch(words);
  };
  refused(
    openssl('pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout PASS', pem('p256')),
    /older than PBES2.*openssl pkey .*-aes256/,
  );
  const old = openssl('ec -aes256 -passout PASS', pem('p256'));
  refused(old.replace('AES-256-CBC', 'CAMELLIA-256-CBC'), /header lines.*openssl pkey .*-aes256/);
  refused(old.replace('Proc-Type: 4,ENCRYPTED', 'Proc-Type: 4,MIC-ONLY'), /header lines/);
});
