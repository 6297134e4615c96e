import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatSigningKey, KEY_TYPE } from '@tilewright/core/note';
import { expectCode } from '@tilewright/core/testing';
import {
  cosignerOf,
  generateEd25519KeyPem,
  generateMlDsa44KeyPem,
  privateKeyFromSeed,
  readPrivateKeyFile,
  SignerError,
} from '@tilewright/signer';
import { expect, test } from 'vitest';
import { WitnessError } from '../witness-error.ts';
import { cosignerFromKeyFile } from './cosigners.ts';

const NAME = 'witness.example/keys';
const seed = new Uint8Array(32).fill(5);

test.each([
  ['Ed25519', generateEd25519KeyPem(), KEY_TYPE.cosignatureEd25519],
  ['ML-DSA-44', generateMlDsa44KeyPem(), KEY_TYPE.cosignatureMlDsa44],
])('a PEM file takes the name that it is given: %s', (_, pem, type) => {
  const { key } = cosignerFromKeyFile(encodeUtf8(pem), NAME);
  expect([key.name, key.type]).toEqual([NAME, type]);
  expect(key).toEqual(cosignerOf(NAME, readPrivateKeyFile(pem)).key);
  expectCode(() => cosignerFromKeyFile(encodeUtf8(pem), undefined), WitnessError, 'bad-key');
});

test.each(['ed25519', 'ml-dsa-44'] as const)('PRIVATE+KEY+ holds its name: %s', (kind) => {
  const { key } = cosignerOf(NAME, privateKeyFromSeed(kind, seed));
  const file = encodeUtf8(`${formatSigningKey(key, seed)}\n`);
  expect(cosignerFromKeyFile(file, undefined).key).toEqual(key);
  expect(cosignerFromKeyFile(file, NAME).key).toEqual(key);
  expectCode(() => cosignerFromKeyFile(file, 'another.example/w'), WitnessError, 'bad-key');
});

test('keys that do not cosign are refused by name', () => {
  const log = formatSigningKey({ ...cosignerOf(NAME, privateKeyFromSeed('ed25519', seed)).key, type: 1 }, seed);
  for (const file of [log, 'PRIVATE+KEY+nothing', 'no key', '']) {
    expect(() => cosignerFromKeyFile(encodeUtf8(file), NAME)).toThrow(SignerError);
  }
});
