import { generateKeyPairSync, sign } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode, expectCodeAsync } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError } from '../signer-error.ts';
import { verifyWith } from './raw-signatures.ts';
import { localSigningKey, requireKeyAgrees, type SigningKey } from './signing-key.ts';

const TEXT = encodeUtf8('a note\n');
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

test.each([
  ['ed25519', generateKeyPairSync('ed25519').privateKey],
  ['P-256', ec('P-256').privateKey],
  ['P-384', ec('P-384').privateKey],
  ['P-521', ec('P-521').privateKey],
  ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['ml-dsa-44', generateKeyPairSync('ml-dsa-44').privateKey],
] as const)('%s signs in memory what its public half verifies', async (kind, privateKey) => {
  const key = localSigningKey(privateKey);
  expect(key.publicKey.type).toBe('public');
  expect(verifyWith(key.publicKey, kind)(TEXT, await key.sign(TEXT))).toBe(true);
  await requireKeyAgrees(key, 'here');
});

test('kinds of keys that notes are not signed with', () => {
  for (const { privateKey } of [ec('secp256k1'), generateKeyPairSync('ed448'), generateKeyPairSync('x25519')]) {
    expectCode(() => localSigningKey(privateKey), SignerError, 'unsupported-key');
  }
});

test('a key elsewhere must sign for the public key that it names', async () => {
  const { privateKey, publicKey } = ec('P-256');
  const signedWith = (answer: (message: Uint8Array) => Uint8Array): SigningKey => ({
    publicKey,
    sign: async (message) => answer(message),
  });
  await requireKeyAgrees(
    signedWith((message) => sign('sha256', message, privateKey)),
    'there',
  );
  for (const wrong of [
    signedWith((message) => sign('sha256', message, ec('P-256').privateKey)),
    signedWith((message) => sign('sha384', message, privateKey)),
    signedWith((message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
    signedWith((message) => sign('sha256', message.subarray(1), privateKey)),
    signedWith(() => new Uint8Array()),
  ]) {
    const { message } = await expectCodeAsync(() => requireKeyAgrees(wrong, 'there'), SignerError, 'key-mismatch');
    expect(message).toContain('there');
  }
  const other = { ...signedWith(() => new Uint8Array()), publicKey: ec('secp256k1').publicKey };
  await expectCodeAsync(() => requireKeyAgrees(other, 'there'), SignerError, 'unsupported-key');
});
