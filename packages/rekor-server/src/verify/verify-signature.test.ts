import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { type HashName, type PublicKeyInfo, parsePublicKey, type SignedInput } from '@tilewright/rekor-entry';
import { expect, test } from 'vitest';
import { loadOpenSslEcdsa } from './ecdsa/openssl-ecdsa.ts';
import { portableEcdsa } from './ecdsa/portable-ecdsa.ts';
import { createVerifySignature } from './verify-signature.ts';

const MESSAGE = new TextEncoder().encode('artifact');
const OTHER = new TextEncoder().encode('another artifact');
const NODE_NAMES = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const;
const openssl = await loadOpenSslEcdsa();

function keyOf(key: KeyObject): PublicKeyInfo {
  const parsed = parsePublicKey(Uint8Array.from(key.export({ type: 'spki', format: 'der' })));
  if (parsed.kind === 'other') throw new Error(`unexpected key: ${parsed.name}`);
  return parsed;
}
const digest = (hash: HashName, message: Uint8Array): SignedInput => ({
  kind: 'digest',
  hash,
  digest: Uint8Array.from(createHash(NODE_NAMES[hash]).update(message).digest()),
});
const message = (hash: HashName, bytes: Uint8Array): SignedInput => ({ kind: 'message', hash, message: bytes });

const pairs: readonly (readonly [string, HashName, { publicKey: KeyObject; privateKey: KeyObject }])[] = [
  ['P-256', 'SHA-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['P-384', 'SHA-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['P-521', 'SHA-512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  ['RSA', 'SHA-256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
];

for (const backend of [openssl, portableEcdsa]) {
  const verify = createVerifySignature(backend);

  test.each(pairs)(`${backend.name}, %s: digest and message`, (_name, hash, { publicKey, privateKey }) => {
    const key = keyOf(publicKey);
    const signature = sign(NODE_NAMES[hash], MESSAGE, privateKey);
    expect(verify(key, digest(hash, MESSAGE), signature)).toBe(true);
    expect(verify(key, message(hash, MESSAGE), signature)).toBe(true);
    expect(verify(key, digest(hash, OTHER), signature)).toBe(false);
    expect(verify(key, message(hash, OTHER), signature)).toBe(false);
    const wrongHash = hash === 'SHA-512' ? 'SHA-384' : 'SHA-512';
    expect(verify(key, digest(wrongHash, MESSAGE), sign(NODE_NAMES[wrongHash], MESSAGE, privateKey))).toBe(false);
  });

  test(`${backend.name}, Ed25519: a digest is prehashed, a message is pure`, () => {
    const pair = generateKeyPairSync('ed25519');
    const key = keyOf(pair.publicKey);
    const seed = Uint8Array.from(pair.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32));
    const pure = sign(null, MESSAGE, pair.privateKey);
    const prehashed = ed25519ph.sign(MESSAGE, seed);
    expect(verify(key, message('SHA-512', MESSAGE), pure)).toBe(true);
    expect(verify(key, digest('SHA-512', MESSAGE), prehashed)).toBe(true);
    expect(verify(key, message('SHA-512', MESSAGE), prehashed)).toBe(false);
    expect(verify(key, digest('SHA-512', MESSAGE), pure)).toBe(false);
  });
}
