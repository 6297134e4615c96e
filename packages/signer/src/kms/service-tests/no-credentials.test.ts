import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { SignerError } from '../../signer-error.ts';
import { openAwsKek } from '../aws-kek.ts';
import { openGcpKek } from '../gcp-kek.ts';
import type { KmsOptions } from '../kms-options.ts';
import { openKmsKey } from '../open-kms-key.ts';

// Over TLS the SDKs look for credentials before they connect, so nobody needs to listen there.
const ENDPOINT = 'https://127.0.0.1:9';
const OPTIONS: KmsOptions = { timeoutMs: 10_000, retries: 1, gcpEndpoint: ENDPOINT, awsEndpoint: ENDPOINT };
const CIPHERTEXT = new Uint8Array(100);

afterEach(() => void vi.unstubAllEnvs());

test('credentials of Google that cannot be loaded are told, each time, and nothing else breaks', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/nonexistent/credentials.json');
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const kek = await openGcpKek('gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k', OPTIONS);
  for (let i = 0; i < 2; i++) {
    const error = await expectCodeAsync(() => kek.decrypt(CIPHERTEXT, new Uint8Array()), SignerError, 'kms-refused');
    expect(error.message).toMatch(/no credentials: .*\/nonexistent\/credentials\.json/);
  }
  await kek.close?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('a server of credentials that never answers does not hold up the start', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
  vi.stubEnv('CLOUDSDK_CONFIG', '/nonexistent');
  vi.stubEnv('GCE_METADATA_HOST', `127.0.0.1:${port}`);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'PROFILE']) vi.stubEnv(`AWS_${name}`, undefined);
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/credentials`);
  const options: KmsOptions = { ...OPTIONS, timeoutMs: 700, retries: 0 };
  for (const uri of [
    'gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k/versions/1',
    'awskms:///arn:aws:kms:eu-central-1:123456789012:alias/a',
  ]) {
    const start = performance.now();
    const error = await expectCodeAsync(() => openKmsKey(uri, 'sha256', options), SignerError, 'kms-unavailable');
    expect(error.message).toContain('no answer within 700 ms');
    expect(performance.now() - start).toBeLessThan(2500);
  }
});

test('credentials of AWS that are nowhere are told', async () => {
  const names = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'PROFILE', 'WEB_IDENTITY_TOKEN_FILE', 'ROLE_ARN'];
  const containers = ['CONTAINER_CREDENTIALS_RELATIVE_URI', 'CONTAINER_CREDENTIALS_FULL_URI'];
  for (const name of [...names, ...containers]) vi.stubEnv(`AWS_${name}`, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
  const uri = 'aws-kms://arn:aws:kms:eu-central-1:123456789012:alias/a';
  const kek = await openAwsKek(uri, OPTIONS);
  const error = await expectCodeAsync(() => kek.decrypt(CIPHERTEXT, new Uint8Array()), SignerError, 'kms-refused');
  expect(error.message).toContain('no credentials');
  await kek.close?.();
});
