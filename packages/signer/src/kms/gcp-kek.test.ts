import { randomBytes } from 'node:crypto';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { openKek } from '../kek/open-kek.ts';
import { SignerError } from '../signer-error.ts';
import { type GcpKmsServer, startGcpKmsServer } from '../testing/index.ts';

const KEYSET = randomBytes(400);
const NOTHING = new Uint8Array();

let server: GcpKmsServer;
beforeAll(async () => {
  server = await startGcpKmsServer();
});
afterAll(() => server.close());

async function kekOf(name: string): Promise<KeyEncryptionKey> {
  const kek = await openKek(`gcp-kms://${name}`, { timeoutMs: 10_000, retries: 0, gcpEndpoint: server.endpoint });
  onTestFinished(() => kek.close?.());
  return kek;
}

test('a keyset is encrypted and decrypted, with associated data and without', async () => {
  const name = server.keys.addCipher('kek');
  const kek = await kekOf(name);
  expect(kek.uri).toBe(`gcp-kms://${name}`);
  for (const associatedData of [NOTHING, randomBytes(20)]) {
    const ciphertext = await kek.encrypt(KEYSET, associatedData);
    expect(Buffer.from(ciphertext).includes(KEYSET)).toBe(false);
    expect(Buffer.from(await kek.decrypt(ciphertext, associatedData))).toEqual(KEYSET);
  }
});

test('what another key encrypted, or was changed, or has other associated data, is not decrypted', async () => {
  const kek = await kekOf(server.keys.addCipher('one'));
  const other = await kekOf(server.keys.addCipher('two'));
  const ciphertext = await kek.encrypt(KEYSET, NOTHING);
  const changed = Uint8Array.from(ciphertext, (byte, i) => (i === 40 ? byte ^ 1 : byte));
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

test('a key that does not exist is refused, with the permission that is needed', async () => {
  const kek = await kekOf('projects/p/locations/l/keyRings/r/cryptoKeys/none');
  const before = server.calls.length;
  const decrypting = await expectCodeAsync(() => kek.decrypt(KEYSET, NOTHING), SignerError, 'kms-refused');
  expect(decrypting.message).toContain('cryptoKeys/none not found');
  expect(decrypting.message).toContain('cloudkms.cryptoKeyVersions.useToDecrypt');
  const encrypting = await expectCodeAsync(() => kek.encrypt(KEYSET, NOTHING), SignerError, 'kms-refused');
  expect(encrypting.message).toContain('cloudkms.cryptoKeyVersions.useToEncrypt');
  expect(server.calls.length - before).toBe(2);
});

test('a closed key asks nothing more, and closing it twice is fine', async () => {
  const kek = await kekOf(server.keys.addCipher('closed'));
  await kek.encrypt(KEYSET, NOTHING);
  await kek.close?.();
  await kek.close?.();
  const before = server.calls.length;
  await expectCodeAsync(() => kek.encrypt(KEYSET, NOTHING), SignerError, 'kms-unavailable');
  expect(server.calls.length).toBe(before);
});
