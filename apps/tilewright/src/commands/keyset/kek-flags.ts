import { type KeyEncryptionKey, type KmsOptions, openKek } from '@tilewright/signer';
import type { FlagValues } from '../../flags/flag-table.ts';
import { signerFlags } from '../../serve/config/signer/signer-flags.ts';
import { kmsOptions } from '../../serve/config/signer/signer-source.ts';
import type { Io } from '../../terminal/io.ts';

const group = 'Key management services';

type KmsFlag = 'gcp-kms-retries' | 'gcp-kms-timeout' | 'gcp-kms-endpoint' | 'aws-kms-endpoint';
type KmsFlags = { readonly [K in KmsFlag]: Omit<(typeof signerFlags)[K], 'group'> & { readonly group: string } };

/** How services are asked: as by serve. */
const kmsFlags: KmsFlags = {
  'gcp-kms-retries': { ...signerFlags['gcp-kms-retries'], group },
  'gcp-kms-timeout': { ...signerFlags['gcp-kms-timeout'], group },
  'gcp-kms-endpoint': { ...signerFlags['gcp-kms-endpoint'], group },
  'aws-kms-endpoint': { ...signerFlags['aws-kms-endpoint'], group },
};

const kekFlag = {
  'key-encryption-key-uri': {
    type: 'string',
    placeholder: 'URI',
    help: 'Key that encrypts the keyset: file-kek:///absolute/path (tilewright keyset new-kek makes one), gcp-kms://projects/…/cryptoKeys/…, or aws-kms://arn:aws:kms:….',
  },
} as const;

/** The flags that name the key that encrypts a keyset, and how a service that keeps it is asked. */
export const kekFlags: typeof kekFlag & KmsFlags = { ...kekFlag, ...kmsFlags };

/** How the flags have services asked; the command's interrupt ends that. */
export function kmsOptionsOf(values: FlagValues<KmsFlags>, io: Io): KmsOptions {
  return kmsOptions(values, io.signal);
}

/** Opens a key encryption key for as long as `use` runs; without a URI there is none. @throws SignerError */
export async function withKek<T>(
  uri: string | undefined,
  kms: KmsOptions,
  use: (kek: KeyEncryptionKey | undefined) => Promise<T>,
): Promise<T> {
  if (uri === undefined) return use(undefined);
  const kek = await openKek(uri, kms);
  try {
    return await use(kek);
  } finally {
    await kek.close?.();
  }
}
