import { randomBytes } from 'node:crypto';
import { expectCodeAsync } from '@tilewright/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { KeyEncryptionKey } from '../../kek/key-encryption-key.ts';
import { SignerError } from '../../signer-error.ts';

const KEYSET = randomBytes(400);
const NOTHING = new Uint8Array();

/** Where keys of a service come from, for the tests that all services share. */
export interface KekService {
  /** Makes a key there and opens it. */
  open(): Promise<KeyEncryptionKey>;
  /** Calls that the service has taken. */
  calls(): number;
  /** Where a changed byte of a ciphertext is noticed. */
  readonly damagedByte: number;
}

/** What a key encryption key of any service does. */
export function kekContract({ open, calls, damagedByte }: KekService): void {
  const opened = async (): Promise<KeyEncryptionKey> => {
    const kek = await open();
    onTestFinished(() => kek.close?.());
    return kek;
  };

  test('a keyset is encrypted and decrypted, with associated data and without', async () => {
    const kek = await opened();
    for (const associatedData of [NOTHING, randomBytes(20)]) {
      const ciphertext = await kek.encrypt(KEYSET, associatedData);
      expect(Buffer.from(ciphertext).includes(KEYSET)).toBe(false);
      expect(Buffer.from(await kek.decrypt(ciphertext, associatedData))).toEqual(KEYSET);
    }
  });

  test('what another key encrypted, or was changed, or has other associated data, is not decrypted', async () => {
    const [kek, other] = [await opened(), await opened()];
    const ciphertext = await kek.encrypt(KEYSET, NOTHING);
    const changed = Uint8Array.from(ciphertext);
    const at = damagedByte < 0 ? changed.length + damagedByte : damagedByte;
    changed[at] = (changed[at] ?? 0) ^ 1;
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

  test('a closed key asks nothing more, and closing it twice is fine', async () => {
    const kek = await opened();
    await kek.encrypt(KEYSET, NOTHING);
    await kek.close?.();
    await kek.close?.();
    const before = calls();
    const error = await expectCodeAsync(() => kek.encrypt(KEYSET, NOTHING), SignerError, 'kms-unavailable');
    expect(error.message).toContain('was closed');
    expect(calls()).toBe(before);
  });
}
