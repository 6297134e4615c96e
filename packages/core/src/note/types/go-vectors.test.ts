import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeBase64 } from '../../bytes/base64.ts';
import { asHash } from '../../bytes/hash-value.ts';
import { encodeUtf8 } from '../../bytes/utf8.ts';
import type { NoteVerifier } from '../note-signature.ts';
import { openNote } from '../open-note.ts';
import { formatSigningKey, parseSigningKey } from '../signing-key.ts';
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from '../verifier-key.ts';
import { ed25519CosignatureVerifier, ed25519CosignerOf } from './cosignature.ts';
import { ed25519NoteVerifier, ed25519SignerOf } from './ed25519.ts';
import { mlDsaCosignerOf, mlDsaNoteVerifier } from './ml-dsa.ts';
import { rfc6962NoteVerifier } from './rfc6962.ts';

interface GoVectors {
  readonly notes: readonly {
    readonly type: number;
    readonly vkey: string;
    readonly skey?: string;
    readonly note?: string;
    readonly subtree?: { origin: string; start: number; end: number; hash: string; signature: string };
  }[];
}

const { notes }: GoVectors = JSON.parse(
  readFileSync(new URL('../../../../../testdata/go-note-vectors.json', import.meta.url), 'utf8'),
);

const VERIFIERS: Readonly<Record<number, (key: VerifierKey) => NoteVerifier>> = {
  1: ed25519NoteVerifier,
  4: ed25519CosignatureVerifier,
  5: (key) => rfc6962NoteVerifier(key),
  6: mlDsaNoteVerifier,
};
const SIGNERS = { 1: ed25519SignerOf, 4: ed25519CosignerOf, 6: mlDsaCosignerOf } as const;

test('one note of each type that Go signs, and one subtree', () => {
  expect(notes.map(({ type, note }) => [type, note !== undefined])).toEqual([
    [1, true],
    [4, true],
    [6, true],
    [6, false],
    [5, true],
  ]);
});

test.each(notes)('what Go signs with type $type is verified', ({ type, vkey, note, subtree }) => {
  const key = parseVerifierKey(vkey);
  expect(formatVerifierKey(key.name, key.type, key.key)).toBe(vkey);
  const verifier = VERIFIERS[type]?.(key);
  if (verifier === undefined) throw new Error('no verifier for this type');
  if (note !== undefined) expect(openNote(encodeUtf8(note), [verifier]).verified.length).toBe(1);
  if (subtree !== undefined) {
    const statement = { ...subtree, hash: asHash(decodeBase64(subtree.hash)) };
    const signature = decodeBase64(subtree.signature);
    expect(mlDsaNoteVerifier(key).verifySubtree(statement, signature)).toBe(true);
    expect(mlDsaNoteVerifier(key).verifySubtree({ ...statement, end: subtree.end - 1 }, signature)).toBe(false);
  }
});

test.each(notes.filter(({ skey }) => skey !== undefined))('the signing key of type $type makes its vkey', (vector) => {
  const key = parseVerifierKey(vector.vkey);
  const parsed = parseSigningKey(vector.skey ?? '');
  expect(SIGNERS[vector.type as keyof typeof SIGNERS](parsed).key).toEqual(key);
  expect(formatSigningKey(key, parsed.seed)).toBe(vector.skey);
});
