import { decodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import { spkiOf } from '../testing/build/fixture-bytes.ts';
import { certifiedDigest, leafOf, type SignedDigest, signedDigest } from '../testing/build/signed-digest.ts';
import type { FixtureName } from '../testing/gen/fixtures.ts';
import { type BundleFacts, leafBodyFor, usualKeyDetails } from './leaf-body-for.ts';

function factsOf({ digest, content, verifier }: SignedDigest): BundleFacts {
  const { publicKey, x509Certificate = new Uint8Array(0) } = verifier;
  const kind = publicKey === undefined ? 'x509Certificate' : 'publicKey';
  return { digest, signature: content, verifier: { kind, rawBytes: publicKey ?? x509Certificate } };
}

const KEYS: FixtureName[] = ['p256', 'p384', 'p521', 'ed25519ph', 'rsa2048', 'rsa2047', 'rsa3072', 'rsa4096'];

test.each(KEYS)('the leaf of a %s signature is made from the bundle alone', (name) => {
  for (const parts of [signedDigest(name, 0), certifiedDigest(name, 0)]) {
    expect(decodeUtf8(leafBodyFor(factsOf(parts)))).toBe(decodeUtf8(leafOf(parts)));
  }
});

test('key details that are given replace those of the key', () => {
  const parts = signedDigest('p256', 0);
  const keyDetails = 'PKIX_ECDSA_P384_SHA_256';
  const expected = leafOf({ ...parts, verifier: { ...parts.verifier, keyDetails } });
  expect(decodeUtf8(leafBodyFor({ ...factsOf(parts), keyDetails }))).toBe(decodeUtf8(expected));
});

test.each<[FixtureName, string | undefined]>([
  ['p256', 'PKIX_ECDSA_P256_SHA_256'],
  ['p384', 'PKIX_ECDSA_P384_SHA_384'],
  ['p521', 'PKIX_ECDSA_P521_SHA_512'],
  ['ed25519ph', 'PKIX_ED25519_PH'],
  ['rsa2048', 'PKIX_RSA_PKCS1V15_2048_SHA256'],
  ['rsa2041', 'PKIX_RSA_PKCS1V15_2048_SHA256'],
  ['rsa3072', 'PKIX_RSA_PKCS1V15_3072_SHA256'],
  ['rsa4096', 'PKIX_RSA_PKCS1V15_4096_SHA256'],
  ['rsa1024', undefined],
  ['rsa2056', undefined],
  ['p224', undefined],
  ['x25519', undefined],
])('the usual key details of %s are %s', (name, expected) => {
  expect(usualKeyDetails({ kind: 'publicKey', rawBytes: spkiOf(name) })).toBe(expected);
});

test('facts that no entry can have are refused', () => {
  const facts = factsOf(signedDigest('p256', 0));
  const withKey = (rawBytes: Uint8Array): BundleFacts => ({ ...facts, verifier: { kind: 'publicKey', rawBytes } });
  expectCode(() => leafBodyFor({ ...facts, digest: new Uint8Array(48) }), EntryError, 'digest-length');
  expectCode(() => leafBodyFor({ ...facts, signature: new Uint8Array(0) }), EntryError, 'missing-field');
  expectCode(() => leafBodyFor({ ...facts, keyDetails: 'PKIX_ED25519' }), EntryError, 'unsupported-algorithm');
  expectCode(() => leafBodyFor({ ...facts, keyDetails: 'ML_DSA_44' }), EntryError, 'unsupported-algorithm');
  expectCode(() => leafBodyFor(withKey(spkiOf('rsa1024'))), EntryError, 'unsupported-algorithm');
  expectCode(() => leafBodyFor(withKey(spkiOf('ed448'))), EntryError, 'malformed-key');
});
