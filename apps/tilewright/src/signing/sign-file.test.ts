import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { loadArtifactKey, makeArtifactKey } from './artifact-key.ts';
import { hashFile, signFile } from './sign-file.ts';

const NEVER = new AbortController().signal;

function keyFile(key: KeyObject): string {
  const path = join(temporaryDirectory(), 'key.pem');
  writeFileSync(path, key.export({ type: 'pkcs8', format: 'pem' }));
  return path;
}

test.each(['P-256', 'P-384', 'P-521'])('an ECDSA %s key signs with the hash of its curve', async (namedCurve) => {
  const key = loadArtifactKey(keyFile(generateKeyPairSync('ec', { namedCurve }).privateKey));
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, randomBytes(200_000));
  const { digest, signature } = await signFile(file, key, NEVER);
  expect(digest).toEqual(await hashFile(file, key.hash.node, NEVER));
  expect(verify(key.hash.node, readFileSync(file), key.key, signature)).toBe(true);
});

test('an RSA key signs with PKCS#1 v1.5 and SHA-256', async () => {
  const key = loadArtifactKey(keyFile(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey));
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  const { signature } = await signFile(file, key, NEVER);
  expect([key.keyDetails, verify('sha256', Buffer.of(), key.key, signature)]).toEqual([
    'PKIX_RSA_PKCS1V15_2048_SHA256',
    true,
  ]);
});

test('a new key is private, has its public half beside it, and is never overwritten', () => {
  const path = join(temporaryDirectory(), 'new.pem');
  makeArtifactKey(path);
  expect(statSync(path).mode % 0o1000).toBe(0o600);
  const text = readFileSync(path, 'utf8');
  expect(createPublicKey(readFileSync(`${path}.pub`)).export({ type: 'spki', format: 'pem' })).toBe(
    createPublicKey(text).export({ type: 'spki', format: 'pem' }),
  );
  expect(() => makeArtifactKey(path)).toThrow('is there already');
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('keys that Rekor does not take, or that cannot be read, are refused by name', () => {
  expect(() => loadArtifactKey(keyFile(generateKeyPairSync('ed25519').privateKey))).toThrow('Ed25519');
  expect(() => loadArtifactKey(keyFile(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey))).toThrow(
    /Rekor v2 takes no|not one that can be logged/,
  );
  expect(() => loadArtifactKey('/nowhere.pem')).toThrow('there is no file');
  const path = join(temporaryDirectory(), 'text');
  writeFileSync(path, 'hello');
  expect(() => loadArtifactKey(path)).toThrow('an unencrypted private key in PEM is needed');
});

test('a file that is not there is an error', async () => {
  await expect(hashFile('/nowhere', 'sha256', NEVER)).rejects.toThrow('cannot be read');
});
