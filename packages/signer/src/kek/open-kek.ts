import type { KmsOptions } from '../kms/kms-options.ts';
import { SignerError } from '../signer-error.ts';
import { openFileKek } from './file-kek.ts';
import type { KeyEncryptionKey } from './key-encryption-key.ts';

/**
 * Opens the key encryption key that a URI names: `file-kek://`, `gcp-kms://` or `aws-kms://`. The library of a service is
 * loaded only when one of its keys is named.
 * @throws SignerError `bad-uri`, `bad-kek`; `kms-missing` when the service's library is not installed
 */
export async function openKek(uri: string, kms: KmsOptions): Promise<KeyEncryptionKey> {
  switch (/^([a-z-]+):\/\//.exec(uri)?.[1]) {
    case 'file-kek':
      return openFileKek(uri);
    case 'gcp-kms':
      return (await import('../kms/gcp-kek.ts')).openGcpKek(uri, kms);
    case 'aws-kms':
      return (await import('../kms/aws-kek.ts')).openAwsKek(uri, kms);
    default:
      throw new SignerError('bad-uri', 'a key encryption key is named with file-kek://, gcp-kms:// or aws-kms://');
  }
}
