import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { formatSigningKey, KEY_TYPE, openNote, parseNote, signNote } from '@tilewright/core/note';
import { mlDsaNoteVerifier } from '@tilewright/core/note/ml-dsa';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { generateEd25519KeyPem, generateMlDsa44KeyPem } from '../keys/generate-key.ts';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { SignerError } from '../signer-error.ts';
import { additionalSigner } from './additional-signer.ts';
import { loadSignerFile } from './load-signer-file.ts';

const ORIGIN = 'log.example.com';
const fields = { origin: ORIGIN, size: asTreeSize(0), root: EMPTY_ROOT, extensions: [] };

test('its line stands beside that of the first key, under the same name', async () => {
  const first = loadSignerFile(generateEd25519KeyPem(), ORIGIN);
  const second = additionalSigner(generateMlDsa44KeyPem(), ORIGIN);
  expect([second.name, second.key.type]).toEqual([ORIGIN, KEY_TYPE.cosignatureMlDsa44]);
  const note = await signNote(formatCheckpoint(fields), [first.signer, second]);
  expect(parseNote(note).signatures.map(({ keyId }) => keyId)).toEqual([first.verifier.keyId, second.keyId]);
  // Who knows only the first key reads the checkpoint as before.
  expect(openCheckpoint(note, ORIGIN, first.verifier).size).toBe(0);
  expect(openNote(note, [first.verifier, mlDsaNoteVerifier(second.key)]).verified).toHaveLength(2);
  await expect(second.sign(formatCheckpoint({ ...fields, extensions: ['x'] }))).rejects.toThrow('extension lines');
  await expect(second.sign(formatCheckpoint({ ...fields, origin: 'other' }))).rejects.toThrow('not of the log');
});

test('the file may be encrypted, or one line as Go writes it', () => {
  const seed = new Uint8Array(32).fill(9);
  const key = privateKeyFromSeed('ml-dsa-44', seed);
  const plain = additionalSigner(key.export({ type: 'pkcs8', format: 'pem' }) as string, ORIGIN);
  const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' }) as string;
  expect(additionalSigner(encrypted, ORIGIN, encodeUtf8('geheim')).keyId).toBe(plain.keyId);
  expectCode(() => additionalSigner(encrypted, ORIGIN), SignerError, 'encrypted');
  expectCode(() => additionalSigner(encrypted, ORIGIN, encodeUtf8('guess')), SignerError, 'wrong-password');
  const skey = formatSigningKey(plain.key, seed);
  expect(additionalSigner(`${skey}\n`, ORIGIN).keyId).toBe(plain.keyId);
  expectCode(() => additionalSigner(skey, 'other.example.com'), SignerError, 'bad-origin');
});

test('other kinds of keys, and names that no log has, are refused', () => {
  for (const kind of ['ed25519', 'ml-dsa-65'] as const) {
    const pem = generateKeyPairSync(kind as 'ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(createPrivateKey(pem).asymmetricKeyType).toBe(kind);
    const { message } = expectCode(() => additionalSigner(pem, ORIGIN), SignerError, 'unsupported-key');
    expect(message).toContain('ml-dsa-44');
  }
  expectCode(() => additionalSigner(generateMlDsa44KeyPem(), 'a b'), SignerError, 'bad-origin');
});
