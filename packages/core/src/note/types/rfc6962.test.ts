import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { c2sp } from '../../../test/vectors.ts';
import { decodeBase64, encodeBase64 } from '../../bytes/base64.ts';
import { encodeHex } from '../../bytes/hex.ts';
import { concatBytes } from '../../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.ts';
import { parseCheckpoint } from '../../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../checkpoint/open-checkpoint.ts';
import { CoreError } from '../../core-error.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { treeHeadMessage, treeHeadVerifierKey } from '../../tree-head/tree-head.ts';
import {
  formatTreeHeadSignature,
  parseTreeHeadSignature,
  TREE_HEAD_ALGORITHM,
  type TreeHeadAlgorithm,
} from '../../tree-head/tree-head-signature.ts';
import { signNote } from '../sign-note.ts';
import { formatVerifierKey, parseVerifierKey } from '../verifier-key.ts';
import { rfc6962NoteVerifier } from './rfc6962.ts';

const ORIGIN = 'log.example/c2sp';
const vector = c2sp.rfc6962_note;
const text = encodeUtf8(c2sp.checkpoint.text);
const spki = decodeBase64(vector.spki);
const vkey = treeHeadVerifierKey(ORIGIN, spki);
const verifier = rfc6962NoteVerifier(vkey, spki);
const note = `${c2sp.checkpoint.text}\n${vector.line}`;
const payload = decodeBase64(vector.line.split(' ')[2]?.trim() ?? '').subarray(4);

test('SN-13, vector: the key id is of the log id, and the vkey writes and reads back', () => {
  expect(encodeBase64(vkey.key)).toBe(vector.log_id);
  expect(vkey.keyId.toString(16)).toBe(vector.key_id_hex);
  expect(parseVerifierKey(formatVerifierKey(vkey.name, vkey.type, vkey.key))).toEqual(vkey);
});

test('a vkey that holds the public key itself has the same id, and needs no other key', () => {
  const whole = parseVerifierKey(formatVerifierKey(ORIGIN, 0x05, spki));
  expect(whole.keyId).toBe(vkey.keyId);
  expect(openCheckpoint(encodeUtf8(note), ORIGIN, rfc6962NoteVerifier(whole)).size).toBe(5);
  expect(rfc6962NoteVerifier(whole, spki).keyId).toBe(vkey.keyId);
  expectCode(() => rfc6962NoteVerifier(vkey), CoreError, 'unknown-key');
  const cut = parseVerifierKey(formatVerifierKey(ORIGIN, 0x05, spki.subarray(0, -1)));
  expect(() => rfc6962NoteVerifier(cut)).toThrow(CoreError);
});

test('vector: the 0x05 line opens its checkpoint', () => {
  expect(openCheckpoint(encodeUtf8(note), ORIGIN, verifier).size).toBe(5);
  expect(encodeHex(treeHeadMessage(1700000000123n, parseCheckpoint(text)))).toBe(vector.sth_input_hex);
  const parts = parseTreeHeadSignature(payload);
  expect(parts).toMatchObject({ timestamp: 1700000000123n, algorithm: TREE_HEAD_ALGORITHM.ecdsa });
  expect(formatTreeHeadSignature(parts)).toEqual(payload.slice());
});

test('CT-6, CT-7: another origin, which the signature does not cover, and extension lines are refused', () => {
  for (const other of [
    note.replace(`${ORIGIN}\n`, 'log.example/other\n'),
    note.replace('\n\n', '\nextension\n\n'),
    note.replace('\n5\n', '\n6\n'),
    note.replace('mbQ=\n', 'mbA=\n'),
  ]) {
    expect(other).not.toBe(note);
    expectCode(() => openCheckpoint(encodeUtf8(other), ORIGIN, verifier), CoreError, 'bad-signature');
  }
  // Under a key of another name the same signature would hold: the name binds it to the origin.
  const renamed = rfc6962NoteVerifier(treeHeadVerifierKey('x', spki), spki);
  expect(renamed.verify(text, payload)).toBe(false);
  expect(renamed.verify(encodeUtf8(decodeUtf8(text).replace(ORIGIN, 'x')), payload)).toBe(true);
});

function logOf(key: KeyObject, algorithm: TreeHeadAlgorithm) {
  const publicKey = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const own = treeHeadVerifierKey('ct.example', publicKey);
  const signer = {
    ...own,
    sign: async (bytes: Uint8Array) => {
      const message = treeHeadMessage(1n, parseCheckpoint(bytes));
      return formatTreeHeadSignature({ timestamp: 1n, algorithm, signature: sign('sha256', message, key) });
    },
  };
  return { signer, verifier: rfc6962NoteVerifier(own, publicKey), publicKey, own };
}

test.each([2048, 4096])(
  'an RSA log of %i bits',
  async (modulusLength) => {
    const log = logOf(generateKeyPairSync('rsa', { modulusLength }).privateKey, TREE_HEAD_ALGORITHM.rsa);
    const body = encodeUtf8(decodeUtf8(text).replace(ORIGIN, 'ct.example'));
    expect(openCheckpoint(await signNote(body, [log.signer]), 'ct.example', log.verifier).size).toBe(5);
  },
  120_000,
);

test('the algorithm in the signature must be that of the key', async () => {
  const { signer, verifier: own } = logOf(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    TREE_HEAD_ALGORITHM.rsa,
  );
  const body = encodeUtf8(decodeUtf8(text).replace(ORIGIN, 'ct.example'));
  expect(own.verify(body, await signer.sign(body))).toBe(false);
});

test('a size above 2^53-1 is verified, and then refused as unsupported', async () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const { signer, verifier: own } = logOf(key, TREE_HEAD_ALGORITHM.ecdsa);
  const huge = encodeUtf8(
    decodeUtf8(text)
      .replace(ORIGIN, 'ct.example')
      .replace('\n5\n', `\n${2n ** 63n - 1n}\n`),
  );
  const message = treeHeadMessage(1n, parseCheckpoint(text));
  new DataView(message.buffer).setBigUint64(10, 2n ** 63n - 1n);
  const signature = sign('sha256', message, key);
  const made = {
    ...signer,
    sign: async () => formatTreeHeadSignature({ timestamp: 1n, algorithm: TREE_HEAD_ALGORITHM.ecdsa, signature }),
  };
  const signed = await signNote(huge, [made]);
  expectCode(() => openCheckpoint(signed, 'ct.example', own), CoreError, 'size-unsupported');
});

test('bad signatures are false, not thrown', () => {
  const bits = Array.from({ length: payload.length }, (_, at) => {
    const flipped = payload.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    return flipped;
  });
  const cut = Array.from({ length: payload.length }, (_, length) => payload.subarray(0, length));
  for (const bad of [...bits, ...cut, concatBytes(payload, Uint8Array.of(0))]) {
    expect(verifier.verify(text, bad)).toBe(false);
  }
  for (const other of ['', 'x\n', 'log.example/c2sp\n5\n'])
    expect(verifier.verify(encodeUtf8(other), payload)).toBe(false);
}, 60_000);

test('tree head signatures that are not well formed', () => {
  const wrong = [
    payload.subarray(0, 11),
    payload.subarray(0, -1),
    concatBytes(payload, Uint8Array.of(0)),
    // A time above 2^63-1, SHA-512, and DSA.
    concatBytes(Uint8Array.of(0x80), payload.subarray(1)),
    concatBytes(payload.subarray(0, 8), Uint8Array.of(6), payload.subarray(9)),
    concatBytes(payload.subarray(0, 9), Uint8Array.of(2), payload.subarray(10)),
  ];
  for (const bytes of wrong) expectCode(() => parseTreeHeadSignature(bytes), CoreError, 'malformed');
  const parts = parseTreeHeadSignature(payload);
  expectCode(() => formatTreeHeadSignature({ ...parts, timestamp: -1n }), CoreError, 'out-of-range');
  expectCode(() => formatTreeHeadSignature({ ...parts, timestamp: 2n ** 63n }), CoreError, 'out-of-range');
  const long = new Uint8Array(65_536);
  expectCode(() => formatTreeHeadSignature({ ...parts, signature: long }), CoreError, 'out-of-range');
  // What the types forbid, a caller in plain JavaScript may still pass.
  const dsa = 2 as unknown as TreeHeadAlgorithm;
  expectCode(() => formatTreeHeadSignature({ ...parts, algorithm: dsa }), CoreError, 'out-of-range');
  const size = parseCheckpoint(text);
  expectCode(() => treeHeadMessage(2n ** 63n, size), CoreError, 'out-of-range');
});

test('keys that do not belong to a verifier of this type', () => {
  const other = new Uint8Array(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }),
  );
  expectCode(() => rfc6962NoteVerifier(vkey, other), CoreError, 'mismatch');
  expectCode(() => rfc6962NoteVerifier(parseVerifierKey(c2sp.keys.log_0x01), spki), CoreError, 'unknown-key');
  for (const kind of ['P-384', 'P-521']) {
    const pair = generateKeyPairSync('ec', { namedCurve: kind });
    const wrong = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
    expectCode(() => rfc6962NoteVerifier(treeHeadVerifierKey('a', wrong), wrong), CoreError, 'unknown-key');
  }
  const offCurve = spki.slice();
  offCurve[90] = (offCurve[90] ?? 0) ^ 1;
  expectCode(() => rfc6962NoteVerifier(treeHeadVerifierKey('a', offCurve), offCurve), CoreError, 'malformed');
});
