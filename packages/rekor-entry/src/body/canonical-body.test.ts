import { decodeUtf8, encodeBase64 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { HashAlgorithm, PublicKeyDetails } from '@tilewright/rekor-proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import type { KeyDetailsName } from '../keys/algorithms.ts';
import { naiveDsseLeaf, naiveHashedrekordLeaf } from '../testing/build/naive-leaf.ts';
import { dsseBody, hashedrekordBody, type LeafSignature, type LeafVerifier } from './canonical-body.ts';
import { asciiPiece, writePieces } from './write-pieces.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
// Names of zero values never get into a leaf.
const details = fc.constantFrom(...(Object.keys(PublicKeyDetails).slice(1) as KeyDetailsName[]));
const hash = fc.constantFrom(...(Object.keys(HashAlgorithm).slice(1) as (keyof typeof HashAlgorithm)[]));
const verifier: fc.Arbitrary<LeafVerifier> = fc.record({
  kind: fc.constantFrom('publicKey', 'x509Certificate'),
  rawBytes: bytes,
  keyDetails: details,
});
const signature: fc.Arbitrary<LeafSignature> = fc.record({ content: bytes, verifier });

const naive = ({ content, verifier: { kind, rawBytes, keyDetails } }: LeafSignature) => ({
  content,
  verifier: { [kind]: rawBytes, keyDetails },
});

test('a hashedrekord leaf is the RFC 8785 form of the ProtoJSON of its message', () => {
  fc.assert(
    fc.property(bytes, hash, signature, (digest, algorithm, signed) => {
      const body = hashedrekordBody({ digest, algorithm }, signed);
      expect(decodeUtf8(body)).toBe(decodeUtf8(naiveHashedrekordLeaf(digest, algorithm, naive(signed))));
    }),
  );
});

test('a dsse leaf is the RFC 8785 form of the ProtoJSON of its message', () => {
  fc.assert(
    fc.property(bytes, fc.array(signature, { minLength: 1, maxLength: 4 }), (payloadHash, signatures) => {
      const body = dsseBody(payloadHash, signatures);
      expect(decodeUtf8(body)).toBe(decodeUtf8(naiveDsseLeaf(payloadHash, signatures.map(naive))));
    }),
  );
});

test('pieces are text as it is and base64 as core writes it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.string({ unit: 'grapheme-ascii' }))),
      (pieces) => {
        const expected = pieces.map((piece) => (typeof piece === 'string' ? piece : encodeBase64(piece))).join('');
        const made = pieces.map((piece) => (typeof piece === 'string' ? asciiPiece(piece) : piece));
        expect(decodeUtf8(writePieces(made))).toBe(expected);
      },
    ),
  );
});

test('what ProtoJSON would leave out is refused', () => {
  const none = new Uint8Array(0);
  const some = Uint8Array.of(1);
  const good: LeafSignature = {
    content: some,
    verifier: { kind: 'publicKey', rawBytes: some, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
  };
  const attempts = [
    () => hashedrekordBody({ digest: none, algorithm: 'SHA2_256' }, good),
    () => hashedrekordBody({ digest: some, algorithm: 'SHA2_256' }, { ...good, content: none }),
    () =>
      hashedrekordBody(
        { digest: some, algorithm: 'SHA2_256' },
        { ...good, verifier: { ...good.verifier, rawBytes: none } },
      ),
    () => dsseBody(some, []),
    () => dsseBody(none, [good]),
  ];
  for (const attempt of attempts) expectCode(attempt, EntryError, 'missing-field');
});
