import { randomBytes } from 'node:crypto';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { openKek } from '../kek/open-kek.ts';
import { SignerError } from '../signer-error.ts';
import { type GcpKmsServer, startGcpKmsServer } from '../testing/index.ts';
import { kekContract } from './service-tests/kek-contract.ts';

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

let made = 0;
kekContract({
  open: () => kekOf(server.keys.addCipher(`contract-${++made}`)),
  calls: () => server.calls.length,
  damagedByte: 40,
});

test('a key is known by its URI', async () => {
  const name = server.keys.addCipher('kek');
  expect((await kekOf(name)).uri).toBe(`gcp-kms://${name}`);
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
