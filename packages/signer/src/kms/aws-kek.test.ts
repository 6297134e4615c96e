import { randomBytes } from 'node:crypto';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { openKek } from '../kek/open-kek.ts';
import { SignerError } from '../signer-error.ts';
import { type AwsKmsServer, startAwsKmsServer } from '../testing/index.ts';

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

test('a keyset is encrypted and decrypted, with associated data and without, by key and by alias', async () => {
  const key = server.keys.addCipher();
  server.keys.setAlias('alias/log/kek', key);
  const kek = await kekOf(key.arn);
  const byAlias = await kekOf(key.arn.replace(/key\/.*/, 'alias/log/kek'));
  expect(kek.uri).toBe(`aws-kms://${key.arn}`);
  for (const associatedData of [NOTHING, randomBytes(20)]) {
    const ciphertext = await kek.encrypt(KEYSET, associatedData);
    expect(Buffer.from(ciphertext).includes(KEYSET)).toBe(false);
    expect(Buffer.from(await byAlias.decrypt(ciphertext, associatedData))).toEqual(KEYSET);
  }
});

test('associated data is the encryption context of Tink, and of none nothing is said', async () => {
  const kek = await kekOf(server.keys.addCipher().arn);
  await kek.encrypt(KEYSET, Uint8Array.of(0xab, 0x01));
  expect(server.requests.at(-1)).toMatchObject({ EncryptionContext: { associatedData: 'ab01' } });
  await kek.encrypt(KEYSET, NOTHING);
  expect(server.requests.at(-1)).not.toHaveProperty('EncryptionContext');
});

test('what another key encrypted, or was changed, or has other associated data, is not decrypted', async () => {
  const kek = await kekOf(server.keys.addCipher().arn);
  const other = await kekOf(server.keys.addCipher().arn);
  const ciphertext = await kek.encrypt(KEYSET, NOTHING);
  const changed = Uint8Array.from(ciphertext, (byte, i) => (i === ciphertext.length - 1 ? byte ^ 1 : byte));
  for (const decrypt of [
    () => other.decrypt(ciphertext, NOTHING),
    () => kek.decrypt(changed, NOTHING),
    () => kek.decrypt(ciphertext, Uint8Array.of(1)),
    () => kek.decrypt(ciphertext.subarray(0, 9), NOTHING),
  ]) {
    const error = await expectCodeAsync(decrypt, SignerError, 'kek-mismatch');
    expect(error.message).toContain('does not decrypt this: it was encrypted with another key, or is damaged');
  }
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

test('a closed key asks nothing more, and closing it twice is fine', async () => {
  const kek = await kekOf(server.keys.addCipher().arn);
  await kek.encrypt(KEYSET, NOTHING);
  await kek.close?.();
  await kek.close?.();
  const before = server.calls.length;
  const error = await expectCodeAsync(() => kek.encrypt(KEYSET, NOTHING), SignerError, 'kms-unavailable');
  expect(error.message).toContain('was closed');
  expect(server.calls.length).toBe(before);
});
