import type { KeyObject } from 'node:crypto';
import { encodeBase64, type Hash } from '@tilewright/core/bytes';
import { formatVerifierKey, keyIdOf, type NoteVerifier, noteKeyHash } from '@tilewright/core/note';
import { formatPem } from '../keys/format-pem.ts';
import { schemeOf } from '../keys/key-scheme.ts';
import { requireOrigin } from '../keys/origin.ts';
import { publicKeyOf } from '../keys/public-key.ts';
import { verifyWith } from '../keys/raw-signatures.ts';

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
   * SHA-256(origin, 0x0A, 0x01, key); ECDSA: SHA-256(SubjectPublicKeyInfo); RSA: SHA-256(origin, 0x0A, 0xFF,
   * `PKIX-RSA-PKCS#1v1.5`, SubjectPublicKeyInfo).
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
 * @throws SignerError `bad-origin`, `unsupported-key`, `malformed`
 */
export function logVerifierOf(publicKey: KeyObject, origin: string): LogVerifier {
  requireOrigin(origin);
  const read = publicKeyOf(publicKey);
  const { noteType: type, material, keyDetails } = schemeOf(read);
  const logId = noteKeyHash(origin, type, material);
  return {
    origin,
    verifier: { name: origin, keyId: keyIdOf(logId), type, verify: verifyWith(publicKey, read.kind) },
    vkey: formatVerifierKey(origin, type, material),
    logId,
    logIdBase64: encodeBase64(logId),
    spki: read.spki,
    spkiPem: formatPem('PUBLIC KEY', read.spki),
    keyDetails,
  };
}
