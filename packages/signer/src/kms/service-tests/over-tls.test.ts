import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openKek } from '../../kek/open-kek.ts';
import { SignerError } from '../../signer-error.ts';
import { type AwsKmsServer, type GcpKmsServer, startAwsKmsServer, startGcpKmsServer } from '../../testing/index.ts';
import { TLS_CERTIFICATE } from '../../testing/tls-certificate.ts';
import { openKmsKey } from '../open-kms-key.ts';

// gRPC reads this when it is loaded; where it is set, certificates that are trusted later are not seen.
vi.hoisted(() => vi.stubEnv('GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', undefined));

// Over TLS credentials are the SDK's own: a key of a service account signs its own tokens, and AWS signs requests.
const NOTHING = new Uint8Array();
const MESSAGE = encodeUtf8('a checkpoint\n');
const PATIENT = { timeoutMs: 10_000, retries: 0 };
const directory = mkdtempSync(join(tmpdir(), 'tilewright-test-'));

let gcp: GcpKmsServer;
let aws: AwsKmsServer;
beforeAll(async () => {
  [gcp, aws] = await Promise.all([startGcpKmsServer('https'), startAwsKmsServer('https')]);
  const file = join(directory, 'account.json');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const account = {
    type: 'service_account',
    client_email: 'log@test-project.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    private_key_id: 'one',
    project_id: 'test-project',
  };
  writeFileSync(file, JSON.stringify(account));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'some');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
  await Promise.all([gcp.close(), aws.close()]);
});

/** Trusts the certificate of the servers until the test ends. */
function trustServers(): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, TLS_CERTIFICATE]);
  onTestFinished(() => setDefaultCACertificates(before));
}

test('a server whose certificate nobody vouches for is not asked anything', async () => {
  const options = { ...PATIENT, gcpEndpoint: gcp.endpoint, awsEndpoint: aws.endpoint };
  for (const uri of [`gcp-kms://${gcp.keys.addCipher('kek')}`, `aws-kms://${aws.keys.addCipher().arn}`]) {
    const kek = await openKek(uri, options);
    onTestFinished(() => kek.close?.());
    const error = await expectCodeAsync(() => kek.encrypt(MESSAGE, NOTHING), SignerError, 'kms-unavailable');
    expect(error.message).toMatch(/self.signed certificate/);
  }
  expect([...gcp.calls, ...aws.calls]).toEqual([]);
});

test('keysets are encrypted and decrypted over TLS, with credentials', async () => {
  trustServers();
  const options = { ...PATIENT, gcpEndpoint: gcp.endpoint, awsEndpoint: aws.endpoint };
  for (const uri of [`gcp-kms://${gcp.keys.addCipher('kek')}`, `aws-kms://${aws.keys.addCipher().arn}`]) {
    const kek = await openKek(uri, options);
    onTestFinished(() => kek.close?.());
    expect(Buffer.from(await kek.decrypt(await kek.encrypt(MESSAGE, NOTHING), NOTHING))).toEqual(Buffer.from(MESSAGE));
  }
  expect(gcp.authorizations).toHaveLength(2);
  for (const text of gcp.authorizations) expect(text).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
});

test('the endpoint in the URI of a signing key is asked, before the one of the options', async () => {
  trustServers();
  const { arn } = aws.keys.addSigningKey('ECC_NIST_P256');
  const uri = `awskms://${new URL(aws.endpoint).host}/${arn}`;
  const key = await openKmsKey(uri, 'sha256', { ...PATIENT, awsEndpoint: 'http://127.0.0.1:9' });
  onTestFinished(() => key.close?.());
  expect(verify('sha256', MESSAGE, key.publicKey, await key.sign(MESSAGE))).toBe(true);
});
