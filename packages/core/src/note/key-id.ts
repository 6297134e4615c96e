import { HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { sha256 } from '../hash/tree-hash.ts';
import { isKeyName, KEY_NAME_RULE } from './key-name.ts';

/** Signature types of the note format that this package knows (signed-note, "Signature types"). */
export const KEY_TYPE = {
  /** Ed25519 over the text of the note; key material: the 32-byte public key. */
  ed25519: 0x01,
  /** ECDSA over the text of the note; key material: the SubjectPublicKeyInfo in DER. */
  ecdsa: 0x02,
  /** Timestamped Ed25519 cosignature (tlog-cosignature); key material: the 32-byte public key. */
  cosignatureEd25519: 0x04,
  /**
   * RFC 6962 TreeHeadSignature (static-ct-api); key material: the log id, which is SHA-256 of the SubjectPublicKeyInfo in
   * DER, or that SubjectPublicKeyInfo itself, as Go programs have it.
   */
  rfc6962: 0x05,
  /** Timestamped ML-DSA-44 cosignature (tlog-cosignature); key material: the 1312-byte public key. */
  cosignatureMlDsa44: 0x06,
  /**
   * A type without a byte of its own: an identifier follows. The one known here is Rekor's RSA; key material:
   * {@link RSA_TYPE_NAME} and the SubjectPublicKeyInfo in DER.
   */
  named: 0xff,
} as const;

/** What follows the type byte 0xFF in the keys of Rekor's RSA logs: PKCS #1 v1.5 with SHA-256 over the text. */
export const RSA_TYPE_NAME = 'PKIX-RSA-PKCS#1v1.5';

/** The key material of an RSA key, {@link RSA_TYPE_NAME} and the SubjectPublicKeyInfo in DER. */
export function rsaKeyMaterial(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(encodeUtf8(RSA_TYPE_NAME), spki);
}

const MAX_KEY_ID = 0xffff_ffff;

/**
 * The hash whose first four bytes are the key id: SHA-256 of `name ‖ 0A ‖ type ‖ key material` (signed-note,
 * "Signatures"), but for ECDSA (0x02) SHA-256 of the key material alone, without the name. For RFC 6962 (0x05) the hashed
 * material is the log id, also where the SubjectPublicKeyInfo is given.
 *
 * @throws CoreError `malformed` for a name that is none, `out-of-range` for a type that is not a byte.
 */
export function noteKeyHash(name: string, type: number, keyMaterial: Uint8Array): Hash {
  if (!isKeyName(name)) throw new CoreError('malformed', KEY_NAME_RULE);
  if (!Number.isInteger(type) || type < 0 || type > 255) throw new CoreError('out-of-range', 'a key type is one byte');
  if (type === KEY_TYPE.ecdsa) return sha256(keyMaterial);
  const isLogKey = type === KEY_TYPE.rfc6962 && keyMaterial.length !== HASH_SIZE;
  const material = isLogKey ? sha256(keyMaterial) : keyMaterial;
  return sha256(concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(type), material));
}

/**
 * The key id at the start of a key hash, or of a decoded signature: four bytes as a big-endian unsigned integer.
 *
 * @throws CoreError `malformed` when there are fewer than four bytes.
 */
export function keyIdOf(bytes: Uint8Array): number {
  if (bytes.length < 4) throw new CoreError('malformed', 'a key id has four bytes');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}

/** The four bytes of a key id. */
export function keyIdBytes(keyId: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

/** Throws `out-of-range` unless `keyId` is an unsigned 32-bit integer. */
export function checkKeyId(keyId: number): number {
  if (!Number.isInteger(keyId) || keyId < 0 || keyId > MAX_KEY_ID) {
    throw new CoreError('out-of-range', 'a key id is an unsigned 32-bit integer');
  }
  return keyId;
}
