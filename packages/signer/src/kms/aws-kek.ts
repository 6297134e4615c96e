import { encodeHex } from '@tilewright/core/bytes';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { SignerError } from '../signer-error.ts';
import { answeredBytes, requireKey } from './aws/aws-checks.ts';
import { openAwsKms } from './aws/aws-client.ts';
import { awsKekName } from './aws/aws-names.ts';
import type { KmsTask } from './call/kms-fault.ts';
import type { KmsOptions } from './kms-options.ts';

/** What AWS KMS encrypts in one call (API reference, Encrypt). */
const MAX_PLAINTEXT_BYTES = 4096;

/**
 * A symmetric key of AWS KMS that encrypts keysets, as Tink uses it: ciphertexts are those of the service, and associated
 * data, if there is any, is the encryption context `associatedData` in hexadecimal (tink-go-awskms). The SDK is loaded
 * here; the service is first asked when something is encrypted or decrypted.
 *
 * @param uri `aws-kms://arn:aws:kms:REGION:ACCOUNT:key/ID`, or `:alias/NAME`
 * @throws SignerError `bad-uri`, `kms-missing`; its methods `kms-unavailable`, `kms-refused`, `kms-bad-answer`, and
 *   `kek-mismatch` for a ciphertext that is not of this key
 */
export async function openAwsKek(uri: string, options: KmsOptions): Promise<KeyEncryptionKey> {
  const name = awsKekName(uri);
  const kms = await openAwsKms(name, options);
  const KeyId = name.keyId;
  const service = 'AWS KMS';
  const encrypting: KmsTask = { service, verb: 'encrypt with', key: KeyId, permission: 'kms:Encrypt' };
  const decrypting: KmsTask = { service, verb: 'decrypt with', key: KeyId, permission: 'kms:Decrypt' };
  return {
    uri,
    encrypt: async (Plaintext, associatedData) => {
      requireSize(Plaintext);
      const command = new kms.sdk.EncryptCommand({ KeyId, Plaintext, ...context(associatedData) });
      return await kms.call(encrypting, async (client, callOptions) => {
        const answer = await client.send(command, callOptions);
        requireKey(encrypting, answer.KeyId);
        return answeredBytes(encrypting, 'ciphertext', answer.CiphertextBlob);
      });
    },
    decrypt: (CiphertextBlob, associatedData) => {
      // With the key named, the service refuses what another key encrypted, even one that it may use.
      const command = new kms.sdk.DecryptCommand({ KeyId, CiphertextBlob, ...context(associatedData) });
      return kms.call(decrypting, async (client, callOptions) => {
        const answer = await client.send(command, callOptions);
        requireKey(decrypting, answer.KeyId);
        return answeredBytes(decrypting, 'plaintext', answer.Plaintext);
      });
    },
    close: () => kms.close(),
  };
}

function context(associatedData: Uint8Array): { EncryptionContext?: Record<string, string> } {
  return associatedData.length === 0 ? {} : { EncryptionContext: { associatedData: encodeHex(associatedData) } };
}

function requireSize(plaintext: Uint8Array): void {
  if (plaintext.length <= MAX_PLAINTEXT_BYTES) return;
  throw new SignerError(
    'kms-refused',
    `AWS KMS encrypts at most ${MAX_PLAINTEXT_BYTES} bytes, and the keyset has ${plaintext.length}; ` +
      'take keys that are no longer needed out of it',
  );
}
