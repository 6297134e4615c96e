import { readFileSync } from 'node:fs';
import { decodeBase64, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { expect, test } from 'vitest';
import { noteVerifierFromPublicKey, noteVerifierFromVkey } from './public-verifier.ts';

interface Vectors {
  readonly logs: readonly { origin: string; spkiB64: string; logIdB64: string; keyIdHex: string }[];
  readonly noteKeyHash: readonly { origin: string; type: string; spkiB64: string; keyId: number; logIdHex: string }[];
  readonly checkpoints: readonly { text: string }[];
  readonly captured: readonly {
    tle: { logId: { keyId: string }; inclusionProof: { treeSize: string; checkpoint: { envelope: string } } };
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../../testdata/rekor-tiles-vectors.json', import.meta.url), 'utf8'),
);

test('every vector is there: five logs, and a key hash of each kind of key', () => {
  expect(vectors.logs).toHaveLength(5);
  expect(vectors.noteKeyHash.map(({ type }) => type).sort()).toEqual(['ec', 'ed25519', 'rsa']);
});

test.each(vectors.logs)('public log $origin has its log id and key id', (log) => {
  const { logIdBase64, verifier } = noteVerifierFromPublicKey(decodeBase64(log.spkiB64), log.origin);
  expect(logIdBase64).toBe(log.logIdB64);
  expect(verifier.keyId.toString(16).padStart(8, '0')).toBe(log.keyIdHex);
});

test.each(vectors.noteKeyHash)('note key hash of $type', (v) => {
  const { logId, verifier } = noteVerifierFromPublicKey(decodeBase64(v.spkiB64), v.origin);
  expect(encodeHex(logId)).toBe(v.logIdHex);
  expect(verifier.keyId).toBe(v.keyId);
});

test('the RSA vector has the key details of its size, and its vkey reads back', () => {
  const rsa = vectors.noteKeyHash.find((v) => v.type === 'rsa');
  const log = noteVerifierFromPublicKey(decodeBase64(rsa?.spkiB64 ?? ''), 'testkey');
  expect(log.keyDetails).toMatch(/^PKIX_RSA_PKCS1V15_(2048|3072|4096)_SHA256$/);
  const again = noteVerifierFromVkey(log.vkey);
  expect({ ...again, verifier: 0 }).toEqual({ ...log, verifier: 0 });
});

test.each(vectors.captured)('checkpoint of a captured entry opens with its log key', ({ tle }) => {
  const log = vectors.logs.find((l) => l.logIdB64 === tle.logId.keyId);
  const { verifier, origin } = noteVerifierFromPublicKey(decodeBase64(log?.spkiB64 ?? ''), log?.origin ?? '');
  const checkpoint = openCheckpoint(encodeUtf8(tle.inclusionProof.checkpoint.envelope), origin, verifier);
  expect(String(checkpoint.size)).toBe(tle.inclusionProof.treeSize);
});

test.each(vectors.checkpoints)('checkpoint of the rekor-tiles test log opens with its key', ({ text }) => {
  const key = vectors.noteKeyHash.find((v) => v.type === 'ed25519');
  const { verifier } = noteVerifierFromPublicKey(decodeBase64(key?.spkiB64 ?? ''), 'rekor-local');
  expect(openCheckpoint(encodeUtf8(text), 'rekor-local', verifier).size).toBe(2);
});
