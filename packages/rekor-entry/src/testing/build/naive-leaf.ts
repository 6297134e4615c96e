import { create, type JsonValue, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { EntrySchema, HashAlgorithm } from '@tilewright/rekor-proto';
import { type VerifierParts, verifierInit } from './request-forms.ts';

/** A signature of a leaf. */
export interface SignatureParts {
  readonly content: Uint8Array;
  readonly verifier: VerifierParts;
}

// The definition of a leaf taken literally, slow and obvious: the Entry message, its ProtoJSON, RFC 8785.
function leafOf(init: MessageInitShape<typeof EntrySchema>): Uint8Array<ArrayBuffer> {
  return encodeUtf8(JSON.stringify(sorted(toJson(EntrySchema, create(EntrySchema, init)))));
}

// RFC 8785 for ASCII keys and for values that are neither numbers nor text beyond ASCII, as all of a leaf's are.
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}

/** The leaf of a hashedrekord 0.0.2 entry. */
export function naiveHashedrekordLeaf(
  digest: Uint8Array,
  algorithm: keyof typeof HashAlgorithm,
  { content, verifier }: SignatureParts,
): Uint8Array<ArrayBuffer> {
  const data = { algorithm: HashAlgorithm[algorithm], digest };
  const value = { data, signature: { content, verifier: verifierInit(verifier) } };
  return leafOf({ kind: 'hashedrekord', apiVersion: '0.0.2', spec: { spec: { case: 'hashedRekordV002', value } } });
}

/** The leaf of a dsse 0.0.2 entry; `payloadHash` is SHA-256 of the payload. */
export function naiveDsseLeaf(payloadHash: Uint8Array, signatures: readonly SignatureParts[]): Uint8Array<ArrayBuffer> {
  const messages = signatures.map(({ content, verifier }) => ({ content, verifier: verifierInit(verifier) }));
  const value = { payloadHash: { algorithm: HashAlgorithm.SHA2_256, digest: payloadHash }, signatures: messages };
  return leafOf({ kind: 'dsse', apiVersion: '0.0.2', spec: { spec: { case: 'dsseV002', value } } });
}
