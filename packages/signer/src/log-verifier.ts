import { type KeyObject, verify } from 'node:crypto';
import { encodeBase64, type Hash } from '@tilewright/core/bytes';
import { formatVerifierKey, keyIdOf, type NoteVerifier, noteKeyHash } from '@tilewright/core/note';
import { canonicalSpki, type KeyScheme, noteKeyMaterial, schemeOf } from './key-scheme.ts';
import { requireOrigin } from './origin.ts';
import { formatPem } from './pem.ts';

/** Everything public about a log's key. */
export interface LogVerifier {
  /** First line of the log's checkpoints and name of its signature lines. */
  readonly origin: string;
  /** Checks checkpoint signatures with node:crypto. */
  readonly verifier: NoteVerifier;
  /** `<origin>+<8 hex>+<base64>` (signed-note, verifier keys). */
  readonly vkey: string;
  /**
   * 32 bytes: the whole hash whose first four bytes are the note key id, and Rekor's `logId.keyId`. Ed25519:
   * SHA-256(origin, 0x0A, 0x01, key); ECDSA: SHA-256(SubjectPublicKeyInfo).
   */
  readonly logId: Hash;
  /** `logId` in standard base64, 44 characters. */
  readonly logIdBase64: string;
  /** DER SubjectPublicKeyInfo, uncompressed point. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** `spki` as PEM (`PUBLIC KEY`), with a final newline. */
  readonly spkiPem: string;
  /** Name in the protobuf enum `PublicKeyDetails`, for example `PKIX_ED25519`. */
  readonly keyDetails: string;
}

/**
 * Builds the public half of a log's identity.
 * @param publicKey a public `KeyObject`
 * @throws SignerError `bad-origin`, `unsupported-key`
 */
export function logVerifierOf(publicKey: KeyObject, origin: string): LogVerifier {
  requireOrigin(origin);
  const scheme = schemeOf(publicKey);
  const spki = canonicalSpki(publicKey, scheme);
  const material = noteKeyMaterial(spki, scheme);
  const logId = noteKeyHash(origin, scheme.noteType, material);
  return {
    origin,
    verifier: noteVerifier(origin, keyIdOf(logId), publicKey, scheme),
    vkey: formatVerifierKey(origin, scheme.noteType, material),
    logId,
    logIdBase64: encodeBase64(logId),
    spki,
    spkiPem: formatPem('PUBLIC KEY', spki),
    keyDetails: scheme.keyDetails,
  };
}

function noteVerifier(name: string, keyId: number, publicKey: KeyObject, scheme: KeyScheme): NoteVerifier {
  return {
    name,
    keyId,
    verify: (text, signature) => verify(scheme.digest, text, { key: publicKey, dsaEncoding: 'der' }, signature),
  };
}
