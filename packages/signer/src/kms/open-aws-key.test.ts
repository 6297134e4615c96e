import { type KeyObject, verify } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { SigningKey } from '../keys/signing-key.ts';
import { SignerError } from '../signer-error.ts';
import { type AwsKmsServer, type AwsTestSpec, startAwsKmsServer } from '../testing/index.ts';
import { openKmsKey } from './open-kms-key.ts';

const MESSAGE = encodeUtf8('example.com/log\n7\nbase64\n');

/** RSA keys take seconds to make, on a bad day many. */
const MAKING_RSA_MS = 60_000;

let server: AwsKmsServer;
beforeAll(async () => {
  server = await startAwsKmsServer();
});
afterAll(() => server.close());

async function open(uri: string, hash: 'sha256' | 'sha384' | 'sha512'): Promise<SigningKey> {
  const key = await openKmsKey(uri, hash, { timeoutMs: 10_000, retries: 0, awsEndpoint: server.endpoint });
  onTestFinished(() => key.close?.());
  return key;
}

function equals(one: KeyObject | undefined, other: KeyObject | undefined): boolean {
  return one !== undefined && other !== undefined && one.equals(other);
}

test.each<[AwsTestSpec, 'sha256' | 'sha384' | 'sha512', string | null]>([
  ['ECC_NIST_EDWARDS25519', 'sha256', null],
  ['ECC_NIST_EDWARDS25519', 'sha512', null],
  ['ECC_NIST_P256', 'sha256', 'sha256'],
  ['ECC_NIST_P384', 'sha384', 'sha384'],
  ['ECC_NIST_P521', 'sha512', 'sha512'],
  ['RSA_2048', 'sha256', 'sha256'],
  ['RSA_3072', 'sha256', 'sha256'],
  ['RSA_4096', 'sha256', 'sha256'],
])('a key of %s signs', { timeout: MAKING_RSA_MS }, async (spec, hash, digest) => {
  const { arn, signing } = server.keys.addSigningKey(spec);
  const key = await open(`awskms:///${arn}`, hash);
  expect(equals(key.publicKey, signing?.publicKey)).toBe(true);
  for (const message of [MESSAGE, encodeUtf8('another')]) {
    expect(verify(digest, message, key.publicKey, await key.sign(message))).toBe(true);
  }
});

test('keys are named by id, ARN, alias and the ARN of an alias, in both schemes', async () => {
  const key = server.keys.addSigningKey('ECC_NIST_EDWARDS25519');
  server.keys.setAlias('alias/log', key);
  const aliasArn = key.arn.replace(/key\/.*/, 'alias/log');
  const id = key.arn.replace(/.*key\//, '');
  for (const uri of [
    `awskms:///${id}`,
    `awskms:///${key.arn}`,
    'awskms:///alias/log',
    `awskms:///${aliasArn}`,
    `aws-kms://${key.arn}`,
    `aws-kms://${aliasArn}`,
  ]) {
    expect(equals((await open(uri, 'sha256')).publicKey, key.signing?.publicKey)).toBe(true);
  }
});

test('an alias that comes to name another key does not change a key that is open', async () => {
  const [one, two] = [server.keys.addSigningKey('ECC_NIST_P256'), server.keys.addSigningKey('ECC_NIST_P256')];
  server.keys.setAlias('alias/moves', one);
  const key = await open('awskms:///alias/moves', 'sha256');
  server.keys.setAlias('alias/moves', two);
  expect(verify('sha256', MESSAGE, key.publicKey, await key.sign(MESSAGE))).toBe(true);
  expect(equals(key.publicKey, one.signing?.publicKey)).toBe(true);
});

test.each<[AwsTestSpec, 'sha256' | 'sha384' | 'sha512', string]>([
  ['ECC_NIST_P256', 'sha512', '--signer-kmshash sha256'],
  ['ECC_NIST_P384', 'sha256', '--signer-kmshash sha384'],
  ['ECC_NIST_P521', 'sha256', '--signer-kmshash sha512'],
  ['ECC_SECG_P256K1', 'sha256', 'make one of: ECC_NIST_EDWARDS25519, ECC_NIST_P256'],
])('a key of %s is not opened with %s', async (spec, hash, advice) => {
  const { arn } = server.keys.addSigningKey(spec);
  const error = await expectCodeAsync(() => open(`awskms:///${arn}`, hash), SignerError, 'unsupported-key');
  expect(error.message).toContain(spec);
  expect(error.message).toContain(advice);
});

test('a key that is absent, symmetric or disabled is refused, when opened and when it signs', async () => {
  const key = server.keys.addSigningKey('ECC_NIST_P256');
  const symmetric = server.keys.addCipher();
  const opened = await open(`awskms:///${key.arn}`, 'sha256');
  key.isEnabled = false;
  const signing = await expectCodeAsync(() => opened.sign(MESSAGE), SignerError, 'kms-refused');
  expect(signing.message).toContain('DisabledException');
  expect(signing.message).toContain('kms:Sign');
  for (const keyId of [key.arn, symmetric.arn, 'alias/none']) {
    const opening = await expectCodeAsync(() => open(`awskms:///${keyId}`, 'sha256'), SignerError, 'kms-refused');
    expect(opening.message).toContain('kms:GetPublicKey');
  }
});

test('a key without a region is refused where none is configured', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  onTestFinished(() => void vi.unstubAllEnvs());
  const options = { timeoutMs: 1000, retries: 0 };
  const error = await expectCodeAsync(() => openKmsKey('awskms:///alias/a', 'sha256', options), SignerError, 'bad-uri');
  expect(error.message).toContain('AWS_REGION');
});

test('the endpoint of a URI goes before the one of the options, and is reached over TLS', async () => {
  const { arn } = server.keys.addSigningKey('ECC_NIST_P256');
  const before = server.calls.length;
  const uri = `awskms://${new URL(server.endpoint).host}/${arn}`;
  // The server does not speak TLS, so a connection over it cannot be made; in the clear it would have been answered.
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'some');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expectCodeAsync(() => open(uri, 'sha256'), SignerError, 'kms-unavailable');
  expect(server.calls.length).toBe(before);
});
