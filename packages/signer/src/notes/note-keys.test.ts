import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asHash, concatBytes, decodeBase64, decodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { cosignCheckpoint } from '@tilewright/core/cosignature';
import {
  formatSigningKey,
  formatVerifierKey,
  KEY_TYPE,
  openNote,
  parseSignatureLines,
  parseVerifierKey,
  rsaKeyMaterial,
  signNote,
  type VerifierKey,
  verifierKey,
} from '@tilewright/core/note';
import { expectCode } from '@tilewright/core/testing';
import { treeHeadVerifierKey } from '@tilewright/core/tree-head';
import { expect, test } from 'vitest';
import { readPrivateKeyFile } from '../files/read-private-key.ts';
import { generateEd25519KeyPem, generateMlDsa44KeyPem } from '../keys/generate-key.ts';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { SignerError } from '../signer-error.ts';
import { cosignerFromSkey, cosignerOf, noteSignerFromSkey, noteSignerOf, subtreeCosignerOf } from './note-signer.ts';
import { cosignatureVerifierOf, noteVerifierOf, subtreeVerifierOf, treeHeadVerifierOf } from './note-verifier.ts';
import { noteVerifierFromVkey } from './public-verifier.ts';

interface Vectors {
  readonly keys: Readonly<Record<string, string>>;
  readonly checkpoint: Readonly<Record<string, string>>;
  readonly rfc6962_note: Readonly<Record<'spki' | 'line', string>>;
}

const { keys, checkpoint, rfc6962_note }: Vectors = JSON.parse(
  readFileSync(new URL('../../../../testdata/c2sp-vectors.json', import.meta.url), 'utf8'),
);
const ORIGIN = 'log.example/c2sp';
const text = encodeUtf8(checkpoint.text ?? '');
const key = (id: string) => parseVerifierKey(keys[id] ?? '');
const seed = (id: string) => decodeHex(keys[id] ?? '');
const spkiOf = (pair: KeyObject) => new Uint8Array(createPublicKey(pair).export({ type: 'spki', format: 'der' }));
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

test('vector: the whole checkpoint opens with each key that signed it', () => {
  const note = encodeUtf8(checkpoint.signed ?? '');
  for (const id of ['log_0x01', 'log_0x06', 'witness_0x04', 'witness_0x06']) {
    expect(openNote(note, [noteVerifierOf(key(id))]).verified.length, id).toBe(1);
  }
  const log = [noteVerifierOf(key('log_0x01')), noteVerifierOf(key('log_0x06'))];
  expect(openCheckpoint(note, ORIGIN, log).size).toBe(5);
  expect(openNote(note, [...log, cosignatureVerifierOf(key('witness_0x04'))]).verified.length).toBe(3);
});

test('vector: the subtree, the 0x05 line with and without its key in the vkey', () => {
  const [, , line = ''] = checkpoint.witness_0x06_subtree_4_5_line?.trim().split(' ') ?? [];
  const hash = asHash(decodeHex((checkpoint.witness_0x06_subtree_4_5_message_hex ?? '').slice(-64)));
  const verifier = subtreeVerifierOf(key('witness_0x06'));
  const subtree = { origin: ORIGIN, start: 4, end: 5, hash };
  expect(verifier.verifySubtree(subtree, decodeBase64(line).subarray(4))).toBe(true);
  expect(verifier.verifySubtree({ ...subtree, start: 3, end: 4 }, decodeBase64(line).subarray(4))).toBe(false);
  const spki = decodeBase64(rfc6962_note.spki);
  const note = encodeUtf8(`${checkpoint.text}\n${rfc6962_note.line}`);
  const whole = verifierKey(ORIGIN, KEY_TYPE.rfc6962, spki);
  for (const tree of [treeHeadVerifierOf(treeHeadVerifierKey(ORIGIN, spki), spki), noteVerifierOf(whole)]) {
    expect(openCheckpoint(note, ORIGIN, tree).size).toBe(5);
  }
});

test('vector: seeds make the keys and, where they are deterministic, the signatures', async () => {
  const log = noteSignerOf(ORIGIN, privateKeyFromSeed('ed25519', seed('log_seed_hex')));
  expect(log.key).toEqual(key('log_0x01'));
  const witness = cosignerOf('witness.example/w1', privateKeyFromSeed('ed25519', seed('witness_seed_hex')));
  expect(await cosignCheckpoint(text, [witness], 1_700_000_000n)).toBe(checkpoint.witness_0x04_line);
  const mlDsa = noteSignerOf(ORIGIN, privateKeyFromSeed('ml-dsa-44', seed('mldsa_log_seed_hex')));
  expect(mlDsa.key).toEqual(key('log_0x06'));
  const note = await signNote(text, [log, mlDsa]);
  expect(openNote(note, [noteVerifierOf(log.key), noteVerifierOf(mlDsa.key)]).verified.length).toBe(2);
});

test('key files of cosigners', async () => {
  for (const [pem, type] of [
    [generateEd25519KeyPem(), KEY_TYPE.cosignatureEd25519],
    [generateMlDsa44KeyPem(), KEY_TYPE.cosignatureMlDsa44],
  ] as const) {
    const witness = cosignerOf('w.example', readPrivateKeyFile(pem));
    expect(witness.key.type).toBe(type);
    const lines = encodeUtf8(await cosignCheckpoint(text, [witness], 5n));
    expect(parseSignatureLines(lines)[0]?.keyId).toBe(witness.key.keyId);
    expect(openNote(concatBytes(text, encodeUtf8('\n'), lines), [cosignatureVerifierOf(witness.key)])).toMatchObject({
      verified: [{ name: 'w.example' }],
    });
  }
});

test('private keys as Go writes them', () => {
  expect(noteSignerFromSkey(keys.log_skey ?? '').key).toEqual(key('log_0x01'));
  expect(noteSignerFromSkey(`${keys.log_skey}\n`).key).toEqual(key('log_0x01'));
  for (const [id, from] of [
    ['witness_0x04', 'witness_seed_hex'],
    ['witness_0x06', 'mldsa_witness_seed_hex'],
  ] as const) {
    const skey = formatSigningKey(key(id), seed(from));
    expect(cosignerFromSkey(skey).key).toEqual(key(id));
    expectCode(() => noteSignerFromSkey(skey), SignerError, 'unsupported-key');
    expectCode(() => cosignerFromSkey(skey.replace('witness.', 'w.')), SignerError, 'malformed');
  }
  expectCode(() => cosignerFromSkey(keys.log_skey ?? ''), SignerError, 'unsupported-key');
  const secret = (keys.log_skey ?? '').slice(-20);
  for (const bad of ['', 'PRIVATE+KEY+a', (keys.log_skey ?? '').replace('c2sp', 'c2sq')]) {
    expect(expectCode(() => noteSignerFromSkey(bad), SignerError, 'malformed').message).not.toContain(secret);
  }
  expectCode(() => privateKeyFromSeed('ed25519', new Uint8Array(31)), SignerError, 'malformed');
});

test('kinds of keys that do not sign or cosign', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  for (const pair of [rsa, ec('secp256k1'), generateKeyPairSync('ed448').privateKey]) {
    expectCode(() => noteSignerOf('a', pair), SignerError, 'unsupported-key');
  }
  for (const pair of [rsa, ec('P-256')]) expectCode(() => cosignerOf('a', pair), SignerError, 'unsupported-key');
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  expectCode(() => subtreeCosignerOf('a', ed25519), SignerError, 'unsupported-key');
  for (const name of ['', 'a b', 'a+b', '\ud800']) {
    expectCode(() => noteSignerOf(name, ed25519), SignerError, 'malformed');
    expectCode(() => cosignerOf(name, ed25519), SignerError, 'malformed');
  }
});

test('key material that is not of its type', () => {
  const raw = (id: number, bytes: Uint8Array): VerifierKey => ({ name: 'a', keyId: 0, type: id, key: bytes });
  const p256 = spkiOf(ec('P-256'));
  const rsa = spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  const small = spkiOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
  const identity = Uint8Array.of(1, ...new Uint8Array(31));
  const cases: readonly [VerifierKey, 'unsupported-key' | 'malformed'][] = [
    [raw(0x01, identity), 'malformed'],
    [raw(0x04, identity), 'malformed'],
    [raw(0x01, new Uint8Array(31)), 'malformed'],
    [raw(0x02, rsa), 'unsupported-key'],
    [raw(0x02, spkiOf(ec('secp256k1'))), 'unsupported-key'],
    [raw(0x02, p256.subarray(1)), 'malformed'],
    [raw(0x02, concatBytes(p256, Uint8Array.of(0))), 'malformed'],
    [raw(0x05, new Uint8Array(32)), 'unsupported-key'],
    [raw(0x05, spkiOf(ec('P-384'))), 'unsupported-key'],
    [raw(0x06, new Uint8Array(1311)), 'malformed'],
    [raw(0xff, rsaKeyMaterial(p256)), 'unsupported-key'],
    [raw(0xff, rsaKeyMaterial(small)), 'unsupported-key'],
    [raw(0xff, rsaKeyMaterial(rsa.subarray(1))), 'malformed'],
    [raw(0x03, new Uint8Array(32)), 'unsupported-key'],
  ];
  for (const [vkey, code] of cases) expectCode(() => noteVerifierOf(vkey), SignerError, code);
  expectCode(() => cosignatureVerifierOf(key('log_0x01')), SignerError, 'unsupported-key');
  expectCode(() => subtreeVerifierOf(key('witness_0x04')), SignerError, 'unsupported-key');
  expectCode(() => treeHeadVerifierOf(treeHeadVerifierKey('a', rsa), p256), SignerError, 'malformed');
});

test('the vkey of a Rekor log: RSA is one, cosignatures and tree heads are none', () => {
  const rsa = spkiOf(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey);
  const log = noteVerifierFromVkey(formatVerifierKey('log.example', KEY_TYPE.named, rsaKeyMaterial(rsa)));
  expect(log).toMatchObject({ keyDetails: 'PKIX_RSA_PKCS1V15_3072_SHA256', spki: rsa });
  for (const id of ['log_0x06', 'witness_0x04']) {
    expectCode(() => noteVerifierFromVkey(keys[id] ?? ''), SignerError, 'unsupported-key');
  }
  const odd = spkiOf(generateKeyPairSync('rsa', { modulusLength: 2056 }).privateKey);
  const vkey = formatVerifierKey('log.example', KEY_TYPE.named, rsaKeyMaterial(odd));
  expectCode(() => noteVerifierFromVkey(vkey), SignerError, 'unsupported-key');
  expect(noteVerifierOf(parseVerifierKey(vkey)).type).toBe(KEY_TYPE.named);
});
