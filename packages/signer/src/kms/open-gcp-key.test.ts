import { type KeyObject, verify } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { SigningKey } from '../keys/signing-key.ts';
import { SignerError } from '../signer-error.ts';
import { type GcpKmsServer, type GcpTestAlgorithm, startGcpKmsServer } from '../testing/index.ts';
import { openKmsKey } from './open-kms-key.ts';

const MESSAGE = encodeUtf8('example.com/log\n7\nbase64\n');

/** RSA keys take seconds to make, on a bad day many. */
const MAKING_RSA_MS = 60_000;

let server: GcpKmsServer;
beforeAll(async () => {
  server = await startGcpKmsServer();
});
afterAll(() => server.close());

async function open(name: string, hash: 'sha256' | 'sha384' | 'sha512'): Promise<SigningKey> {
  const options = { timeoutMs: 10_000, retries: 0, gcpEndpoint: server.endpoint };
  const key = await openKmsKey(`gcpkms://${name}`, hash, options);
  onTestFinished(() => key.close?.());
  return key;
}

function equals(one: KeyObject, other: KeyObject): boolean {
  return one.equals(other);
}

test.each<[GcpTestAlgorithm, 'sha256' | 'sha384' | 'sha512', string | null]>([
  ['EC_SIGN_ED25519', 'sha256', null],
  ['EC_SIGN_ED25519', 'sha512', null],
  ['EC_SIGN_P256_SHA256', 'sha256', 'sha256'],
  ['EC_SIGN_P384_SHA384', 'sha384', 'sha384'],
  ['RSA_SIGN_PKCS1_2048_SHA256', 'sha256', 'sha256'],
  ['RSA_SIGN_PKCS1_3072_SHA256', 'sha256', 'sha256'],
  ['RSA_SIGN_PKCS1_4096_SHA256', 'sha256', 'sha256'],
])('a key of %s signs', { timeout: MAKING_RSA_MS }, async (algorithm, hash, digest) => {
  const version = server.keys.addVersion(`signs-${algorithm}-${hash}`, algorithm);
  const key = await open(version.name, hash);
  expect(equals(key.publicKey, version.publicKey)).toBe(true);
  for (const message of [MESSAGE, encodeUtf8('another')]) {
    expect(verify(digest, message, version.publicKey, await key.sign(message))).toBe(true);
  }
});

test('the newest enabled version signs when none is named, over all pages and by number', async () => {
  const versions = Array.from({ length: 11 }, () => server.keys.addVersion('rotated', 'EC_SIGN_P256_SHA256'));
  const [, , , , , , , , , tenth, last] = versions;
  if (tenth === undefined || last === undefined) throw new Error('unreachable');
  last.state = 'DISABLED';
  const name = tenth.name.replace(/\/cryptoKeyVersions.*/, '');
  expect(equals((await open(name, 'sha256')).publicKey, tenth.publicKey)).toBe(true);
  const third = await open(`${name}/versions/3`, 'sha256');
  expect(versions.findIndex(({ publicKey }) => equals(publicKey, third.publicKey))).toBe(2);
  for (const version of versions) version.state = 'DESTROYED';
  const error = await expectCodeAsync(() => open(name, 'sha256'), SignerError, 'kms-refused');
  expect(error.message).toContain('has no enabled version');
});

test('a version that is made while a key is open does not change the key', async () => {
  const first = server.keys.addVersion('grows', 'EC_SIGN_ED25519');
  const key = await open(first.name.replace(/\/cryptoKeyVersions.*/, ''), 'sha256');
  server.keys.addVersion('grows', 'EC_SIGN_ED25519');
  expect(verify(null, MESSAGE, first.publicKey, await key.sign(MESSAGE))).toBe(true);
});

test.each<[GcpTestAlgorithm, 'sha256' | 'sha384' | 'sha512', string]>([
  ['EC_SIGN_P256_SHA256', 'sha384', '--signer-kmshash sha256'],
  ['EC_SIGN_P384_SHA384', 'sha256', '--signer-kmshash sha384'],
  ['RSA_SIGN_PKCS1_2048_SHA256', 'sha512', '--signer-kmshash sha256'],
  ['RSA_SIGN_PSS_2048_SHA256', 'sha256', 'make one of: EC_SIGN_ED25519, EC_SIGN_P256_SHA256'],
  ['EC_SIGN_SECP256K1_SHA256', 'sha256', 'make one of: EC_SIGN_ED25519, EC_SIGN_P256_SHA256'],
])('a key of %s is not opened with %s', async (algorithm, hash, advice) => {
  const { name } = server.keys.addVersion(`refused-${algorithm}`, algorithm);
  const error = await expectCodeAsync(() => open(name, hash), SignerError, 'unsupported-key');
  expect(error.message).toContain(algorithm);
  expect(error.message).toContain(advice);
});

test('a version that is absent or disabled is refused, when opened and when it signs', async () => {
  const version = server.keys.addVersion('disabled', 'EC_SIGN_ED25519');
  const key = await open(version.name, 'sha256');
  version.state = 'DISABLED';
  const signing = await expectCodeAsync(() => key.sign(MESSAGE), SignerError, 'kms-refused');
  expect(signing.message).toContain('is not enabled, current state is: DISABLED');
  expect(signing.message).toContain('cloudkms.cryptoKeyVersions.useToSign');
  const opening = await expectCodeAsync(() => open(version.name, 'sha256'), SignerError, 'kms-refused');
  expect(opening.message).toContain('cloudkms.cryptoKeyVersions.viewPublicKey');
  await expectCodeAsync(() => open(`${version.name}9`, 'sha256'), SignerError, 'kms-refused');
});

test('a URI of something else is refused before anything is loaded or asked', async () => {
  const options = { timeoutMs: 100, retries: 0, gcpEndpoint: 'http://127.0.0.1:1' };
  const kek = 'gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k';
  const error = await expectCodeAsync(() => openKmsKey(kek, 'sha256', options), SignerError, 'bad-uri');
  expect(error.message).toContain('one that signs is written gcpkms://');
  await expectCodeAsync(() => openKmsKey('azurekms://x/y', 'sha256', options), SignerError, 'bad-uri');
  await expectCodeAsync(() => openKmsKey('gcpkms://projects/p', 'sha256', options), SignerError, 'bad-uri');
});
