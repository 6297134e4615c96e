import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { crc32c } from './call/crc32c.ts';
import type { KmsTask } from './call/kms-fault.ts';
import { checkedBytes, requireName, requireVerified } from './gcp/gcp-checks.ts';
import { openGcpKms } from './gcp/gcp-client.ts';
import { gcpKekName, gcpVersionName, gcpVersionNumber } from './gcp/gcp-names.ts';
import type { KmsOptions } from './kms-options.ts';

const VERSIONS = 'cloudkms.cryptoKeyVersions';

/**
 * A symmetric key of Google Cloud KMS that encrypts keysets, as Tink uses it: ciphertexts are those of the service.
 * Checksums go both ways and are checked. The SDK is loaded here; the service is first asked when something is encrypted
 * or decrypted.
 *
 * @param uri `gcp-kms://projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY`
 * @throws SignerError `bad-uri`, `kms-missing`; its methods `kms-unavailable`, `kms-refused`, `kms-bad-answer`, and
 *   `kek-mismatch` for a ciphertext that is not of this key
 */
export async function openGcpKek(uri: string, options: KmsOptions): Promise<KeyEncryptionKey> {
  const name = gcpKekName(uri);
  const kms = await openGcpKms(options);
  const service = 'Google Cloud KMS';
  const encrypting: KmsTask = { service, verb: 'encrypt with', key: name, permission: `${VERSIONS}.useToEncrypt` };
  const decrypting: KmsTask = { service, verb: 'decrypt with', key: name, permission: `${VERSIONS}.useToDecrypt` };
  return {
    uri,
    encrypt: (plaintext, associatedData) =>
      kms.call(encrypting, async (client, callOptions) => {
        const [answer] = await client.encrypt(
          { name, plaintext, plaintextCrc32c: { value: crc32c(plaintext) }, ...authenticated(associatedData) },
          callOptions,
        );
        requireName(encrypting, gcpVersionName(name, gcpVersionNumber(answer.name ?? '') ?? 0), answer.name);
        requireVerified(encrypting, 'plaintext', answer.verifiedPlaintextCrc32c);
        if (associatedData.length > 0) {
          requireVerified(encrypting, 'associated data', answer.verifiedAdditionalAuthenticatedDataCrc32c);
        }
        return checkedBytes(encrypting, 'ciphertext', answer.ciphertext, answer.ciphertextCrc32c);
      }),
    decrypt: (ciphertext, associatedData) =>
      kms.call(decrypting, async (client, callOptions) => {
        const [answer] = await client.decrypt(
          { name, ciphertext, ciphertextCrc32c: { value: crc32c(ciphertext) }, ...authenticated(associatedData) },
          callOptions,
        );
        return checkedBytes(decrypting, 'plaintext', answer.plaintext, answer.plaintextCrc32c);
      }),
    close: () => kms.close(),
  };
}

/** Associated data and its checksum; of none, which is what keysets have, nothing is said. */
function authenticated(associatedData: Uint8Array): object {
  if (associatedData.length === 0) return {};
  return {
    additionalAuthenticatedData: associatedData,
    additionalAuthenticatedDataCrc32c: { value: crc32c(associatedData) },
  };
}
