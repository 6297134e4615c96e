import { HashAlgorithm, PublicKeyDetails } from '@tilewright/rekor-proto';
import { EntryError } from '../entry-error.ts';
import { type AsciiPiece, asciiPiece, type Piece, writePieces } from './write-pieces.ts';

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

// Everything between the bytes, as RFC 8785 orders and writes it.
const HASHEDREKORD_START = piecePerName(
  HashAlgorithm,
  (name) =>
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"${name}","digest":"`,
);
const HASHEDREKORD_SIGNATURE = asciiPiece('"},"signature":');
const DSSE_START = asciiPiece(
  '{"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":"SHA2_256","digest":"',
);
const DSSE_SIGNATURES = asciiPiece('"},"signatures":[');
const COMMA = asciiPiece(',');
const LIST_END = asciiPiece(']}}}');
const OBJECT_END = asciiPiece('}}}');
const CONTENT = asciiPiece('{"content":"');
const KEY = piecePerName(PublicKeyDetails, (name) => verifierStart(name, 'publicKey'));
const CERTIFICATE = piecePerName(PublicKeyDetails, (name) => verifierStart(name, 'x509Certificate'));
const SIGNATURE_END = asciiPiece('"}}}');

function piecePerName<Name extends string>(
  names: Readonly<Record<Name, number>>,
  text: (name: string) => string,
): Readonly<Record<Name, AsciiPiece>> {
  const entries = Object.keys(names).map((name) => [name, asciiPiece(text(name))]);
  return Object.fromEntries(entries) as Record<Name, AsciiPiece>;
}

function verifierStart(keyDetails: string, kind: LeafVerifier['kind']): string {
  return `","verifier":{"keyDetails":"${keyDetails}","${kind}":{"rawBytes":"`;
}

/**
 * The leaf of a hashedrekord 0.0.2 entry: the RFC 8785 form of its ProtoJSON. Every key and value is ASCII without
 * escapes and every key's place is known, so that no JSON encoder is needed.
 *
 * @throws EntryError `missing-field` for empty bytes, which ProtoJSON would leave out.
 */
export function hashedrekordBody(data: LeafDigest, signature: LeafSignature): Uint8Array<ArrayBuffer> {
  requireBytes(data.digest, 'digest');
  const start = HASHEDREKORD_START[data.algorithm];
  return writePieces([start, data.digest, HASHEDREKORD_SIGNATURE, ...signaturePieces(signature), OBJECT_END]);
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
  const pieces: Piece[] = [DSSE_START, payloadHash, DSSE_SIGNATURES];
  for (const [i, signature] of signatures.entries()) {
    if (i > 0) pieces.push(COMMA);
    pieces.push(...signaturePieces(signature));
  }
  return writePieces([...pieces, LIST_END]);
}

function signaturePieces({ content, verifier }: LeafSignature): Piece[] {
  requireBytes(content, 'signature');
  requireBytes(verifier.rawBytes, 'verifier');
  const start = verifier.kind === 'publicKey' ? KEY : CERTIFICATE;
  return [CONTENT, content, start[verifier.keyDetails], verifier.rawBytes, SIGNATURE_END];
}

function requireBytes(bytes: Uint8Array, what: string): void {
  if (bytes.length === 0) throw new EntryError('missing-field', `missing ${what}`);
}
