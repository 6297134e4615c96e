import { randomBytes } from 'node:crypto';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { openKek } from '../kek/open-kek.ts';
import { SignerError } from '../signer-error.ts';
import { type AwsKmsServer, startAwsKmsServer } from '../testing/index.ts';
import { kekContract } from './service-tests/kek-contract.ts';

const KEYSET = randomBytes(400);
const NOTHING = new Uint8Array();

let server: AwsKmsServer;
beforeAll(async () => {
  server = await startAwsKmsServer();
});
afterAll(() => server.close());

async function kekOf(arn: string): Promise<KeyEncryptionKey> {
  const kek = await openKek(`aws-kms://${arn}`, { timeoutMs: 10_000, retries: 0, awsEndpoint: server.endpoint });
  onTestFinished(() => kek.close?.());
  return kek;
}

kekContract({
  open: () => kekOf(server.keys.addCipher().arn),
  calls: () => server.calls.length,
  damagedByte: -1,
});

test('an alias names the key that it stands for', async () => {
  const key = server.keys.addCipher();
  server.keys.setAlias('alias/log/kek', key);
  const kek = await kekOf(key.arn);
  const byAlias = await kekOf(key.arn.replace(/key\/.*/, 'alias/log/kek'));
  expect(kek.uri).toBe(`aws-kms://${key.arn}`);
  const ciphertext = await kek.encrypt(KEYSET, NOTHING);
  expect(Buffer.from(await byAlias.decrypt(ciphertext, NOTHING))).toEqual(KEYSET);
});

test('associated data is the encryption context of Tink, and of none nothing is said', async () => {
  const kek = await kekOf(server.keys.addCipher().arn);
  await kek.encrypt(KEYSET, Uint8Array.of(0xab, 0x01));
  expect(server.requests.at(-1)).toMatchObject({ EncryptionContext: { associatedData: 'ab01' } });
  await kek.encrypt(KEYSET, NOTHING);
  expect(server.requests.at(-1)).not.toHaveProperty('EncryptionContext');
});

test('a key that does not exist, is disabled or does not encrypt is refused, with the permission that is needed', async () => {
  const disabled = server.keys.addCipher();
  disabled.isEnabled = false;
  const signing = server.keys.addSigningKey('ECC_NIST_P256');
  const absent = disabled.arn.replace(/key\/.*/, 'key/00000000-0000-0000-0000-000000000000');
  for (const [arn, reason] of [
    [absent, 'NotFoundException'],
    [disabled.arn, 'DisabledException'],
    [signing.arn, 'InvalidKeyUsageException'],
  ] as const) {
    const kek = await kekOf(arn);
    const error = await expectCodeAsync(() => kek.encrypt(KEYSET, NOTHING), SignerError, 'kms-refused');
    expect(error.message).toContain(reason);
    expect(error.message).toContain('kms:Encrypt');
  }
  const kek = await kekOf(absent);
  const error = await expectCodeAsync(() => kek.decrypt(KEYSET, NOTHING), SignerError, 'kms-refused');
  expect(error.message).toContain('kms:Decrypt');
});

test('a keyset that the service would not take is not sent', async () => {
  const kek = await kekOf(server.keys.addCipher().arn);
  await kek.encrypt(randomBytes(4096), NOTHING);
  const before = server.calls.length;
  const error = await expectCodeAsync(() => kek.encrypt(randomBytes(4097), NOTHING), SignerError, 'kms-refused');
  expect(error.message).toContain('at most 4096 bytes, and the keyset has 4097');
  expect(server.calls.length).toBe(before);
});
