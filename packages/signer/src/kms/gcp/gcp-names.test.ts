import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError } from '../../signer-error.ts';
import { gcpKekName, gcpSigningName, gcpVersionNumber, isSameGcpName } from './gcp-names.ts';

const KEY = 'projects/a-project/locations/europe-west3/keyRings/the_ring/cryptoKeys/key-1';

test('URIs of Tink name a key', () => {
  expect(gcpKekName(`gcp-kms://${KEY}`)).toBe(KEY);
  expect(gcpKekName('gcp-kms://projects/example.com:p/locations/global/keyRings/r/cryptoKeys/k')).toContain(
    'example.com:p',
  );
});

test('URIs of Sigstore name a key, and a version in either of two words', () => {
  expect(gcpSigningName(`gcpkms://${KEY}`)).toEqual({ key: KEY, version: undefined });
  const version = `${KEY}/cryptoKeyVersions/12`;
  expect(gcpSigningName(`gcpkms://${version}`)).toEqual({ key: KEY, version });
  expect(gcpSigningName(`gcpkms://${KEY}/versions/12`)).toEqual({ key: KEY, version });
});

test.each([
  KEY,
  `gcpkms://${KEY}`,
  `gcp-kms:///${KEY}`,
  `gcp-kms://${KEY}/`,
  `gcp-kms://${KEY}/cryptoKeyVersions/1`,
  `GCP-KMS://${KEY}`,
  `gcp-kms://${KEY}\n`,
  `gcp-kms://${KEY}?x`,
  'gcp-kms://projects/p/locations//keyRings/r/cryptoKeys/k',
])('%j names no key that encrypts', (uri) => {
  const error = expectCode(() => gcpKekName(uri), SignerError, 'bad-uri');
  expect(error.message).toContain('gcp-kms://projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY');
});

test.each([
  `gcp-kms://${KEY}`,
  `gcpkms://${KEY}/`,
  `gcpkms://${KEY}/versions/`,
  `gcpkms://${KEY}/versions/0`,
  `gcpkms://${KEY}/versions/01`,
  `gcpkms://${KEY}/versions/one`,
  `gcpkms://${KEY}/keyVersions/1`,
  `gcpkms://${KEY}/cryptoKeyVersions/1/publicKey`,
])('%j names no key that signs', (uri) => {
  expectCode(() => gcpSigningName(uri), SignerError, 'bad-uri');
});

test('the number of a version', () => {
  expect(gcpVersionNumber(`${KEY}/cryptoKeyVersions/120`)).toBe(120);
  expect(gcpVersionNumber(KEY)).toBeUndefined();
  expect(gcpVersionNumber('')).toBeUndefined();
});

test('an answer may name the project by its number, and nothing else differently', () => {
  const numbered = KEY.replace('a-project', '123456');
  expect(isSameGcpName(KEY, KEY)).toBe(true);
  expect(isSameGcpName(KEY, numbered)).toBe(true);
  expect(isSameGcpName(numbered, KEY)).toBe(true);
  expect(isSameGcpName(KEY, KEY.replace('a-project', 'b-project'))).toBe(false);
  expect(isSameGcpName(numbered, numbered.replace('123456', '123457'))).toBe(false);
  expect(isSameGcpName(KEY, numbered.replace('key-1', 'key-2'))).toBe(false);
  expect(isSameGcpName(KEY, '')).toBe(false);
});
