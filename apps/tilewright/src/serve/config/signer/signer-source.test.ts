import { expect, test } from 'vitest';
import { kmsOptions, type SignerValues, signerPlace } from './signer-source.ts';

const NONE: SignerValues = {
  'signer-filepath': undefined,
  'signer-password': undefined,
  'signer-password-file': undefined,
  'signer-kmskey': undefined,
  'signer-kmshash': 'sha256',
  'signer-tink-keyset-path': undefined,
  'signer-tink-kek-uri': undefined,
  'gcp-kms-retries': 2,
  'gcp-kms-timeout': 5,
  'gcp-kms-endpoint': undefined,
  'aws-kms-endpoint': undefined,
  'signer-additional-filepath': undefined,
};

test('a file goes before a service before a keyset, and a file that nobody named goes last', () => {
  const file = { 'signer-filepath': 'key.pem' };
  const service = { 'signer-kmskey': 'gcpkms://x' };
  const keyset = { 'signer-tink-keyset-path': 'keyset.json' };
  const cases = [
    [{}, undefined, undefined],
    [file, 'file', 'file'],
    [service, 'kms', 'kms'],
    [keyset, 'tink', 'tink'],
    [{ 'signer-tink-kek-uri': 'file-kek:///kek' }, 'tink', 'tink'],
    [{ ...service, ...keyset }, 'kms', 'kms'],
    [{ ...file, ...service, ...keyset }, 'file', 'kms'],
    [{ ...file, ...keyset }, 'file', 'tink'],
    [{ 'signer-filepath': '', 'signer-kmskey': '', 'signer-tink-keyset-path': '' }, undefined, undefined],
  ] as const;
  for (const [values, named, byDefault] of cases) {
    const all = { ...NONE, ...values };
    expect([values, signerPlace(all), signerPlace(all, true)]).toEqual([values, named, byDefault]);
  }
});

test('no request to a service may take for ever', () => {
  expect(kmsOptions({ ...NONE, 'gcp-kms-timeout': 0 }, undefined)).toMatchObject({ timeoutMs: 5000, retries: 2 });
  expect(kmsOptions({ ...NONE, 'gcp-kms-timeout': 7, 'gcp-kms-retries': 0 }, undefined)).toMatchObject({
    timeoutMs: 7000,
    retries: 0,
  });
});
