import type { HashAlgorithm, PublicKeyDetails } from '@tilewright/rekor-proto';
import { EntryError } from '../entry-error.ts';
import { type Piece, writePieces } from './write-pieces.ts';

/** A verifier as the leaf holds it: the key or certificate as the client sent it, and the name of its details. */
export interface LeafVerifier {
  readonly kind: 'publicKey' | 'x509Certificate';
  /** SubjectPublicKeyInfo or certificate in DER; at least one byte. */
  readonly rawBytes: Uint8Array;
  readonly keyDetails: keyof typeof PublicKeyDetails;
}

/** A signature as the leaf holds it. */
export interface LeafSignature {
  /** In the encoding that the client sent; at least one byte. */
  readonly content: Uint8Array;
  readonly verifier: LeafVerifier;
}

/** A digest as the leaf holds it. */
export interface LeafDigest {
  /** 32, 48 or 64 bytes. */
  readonly digest: Uint8Array;
  readonly algorithm: keyof typeof HashAlgorithm;
}

/**
 * The leaf of a hashedrekord 0.0.2 entry: the RFC 8785 form of its ProtoJSON. Every key and value is ASCII without
 * escapes and every key's place is known, so that no JSON encoder is needed.
 *
 * @throws EntryError `missing-field` for empty bytes, which ProtoJSON would leave out.
 */
export function hashedrekordBody(data: LeafDigest, signature: LeafSignature): Uint8Array<ArrayBuffer> {
  requireBytes(data.digest, 'digest');
  return writePieces([
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"${data.algorithm}","digest":"`,
    data.digest,
    '"},"signature":',
    ...signaturePieces(signature),
    '}}}',
  ]);
}

/**
 * The leaf of a dsse 0.0.2 entry.
 *
 * @param payloadHash SHA-256 of the payload.
 * @param signatures In ascending order of their bytes, none twice.
 * @throws EntryError `missing-field` for empty bytes or no signature, which ProtoJSON would leave out.
 */
export function dsseBody(payloadHash: Uint8Array, signatures: readonly LeafSignature[]): Uint8Array<ArrayBuffer> {
  requireBytes(payloadHash, 'payload hash');
  if (signatures.length === 0) throw new EntryError('missing-field', 'missing signatures');
  return writePieces([
    '{"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":"SHA2_256","digest":"',
    payloadHash,
    '"},"signatures":[',
    ...signatures.flatMap((signature, i) => [i === 0 ? '' : ',', ...signaturePieces(signature)]),
    ']}}}',
  ]);
}

function signaturePieces({ content, verifier }: LeafSignature): Piece[] {
  requireBytes(content, 'signature');
  requireBytes(verifier.rawBytes, 'verifier');
  return [
    '{"content":"',
    content,
    `","verifier":{"keyDetails":"${verifier.keyDetails}","${verifier.kind}":{"rawBytes":"`,
    verifier.rawBytes,
    '"}}}',
  ];
}

function requireBytes(bytes: Uint8Array, what: string): void {
  if (bytes.length === 0) throw new EntryError('missing-field', `missing ${what}`);
}
