import { generateKeyPairSync, hash, verify } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import { signDigest } from './sign-digest.ts';

const MESSAGE = encodeUtf8('a message');

test.each([
  ['P-256', 'sha256'],
  ['P-384', 'sha384'],
  ['P-521', 'sha512'],
])('%s signs digests of %s', (namedCurve, digest) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  // Lengths in DER differ from one signature to the next.
  for (let i = 0; i < 40; i++) {
    const signature = signDigest(privateKey, hash(digest, MESSAGE, 'buffer'));
    expect(verify(digest, MESSAGE, publicKey, signature)).toBe(true);
    expect(verify(digest, encodeUtf8('another'), publicKey, signature)).toBe(false);
  }
});

test('RSA signs digests of sha256', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signature = signDigest(privateKey, hash('sha256', MESSAGE, 'buffer'));
  expect(verify('sha256', MESSAGE, publicKey, signature)).toBe(true);
});
