import { encodeBase64 } from '../bytes/base64.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE, keyIdBytes } from './key-id.ts';
import { splitKeyText, type VerifierKey } from './verifier-key.ts';

/** A private key as Go's sumdb/note package writes it. Secret: keep it out of messages and logs. */
export interface SigningKey {
  readonly name: string;
  /** Key id of the public key; nobody has compared it with the seed yet. */
  readonly keyId: number;
  readonly type: typeof KEY_TYPE.ed25519;
  /** The private key of RFC 8032: 32 bytes. */
  readonly seed: Uint8Array;
}

const PREFIX = 'PRIVATE+KEY+';
const SEED_SIZE = 32;
const MAX_LENGTH = 4096;
const RULE = 'a signing key is PRIVATE+KEY+<name>+<8 hex digits>+<base64>';

/**
 * The private key in the text that Go's note.GenerateKey makes: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`.
 * Only Ed25519 (0x01) has this form. Whether the key id belongs to the seed is for who makes the public key to say:
 * `ed25519SignerOf` does.
 *
 * @throws CoreError `malformed`; `unknown-key` for another type. Messages hold nothing of the key.
 */
export function parseSigningKey(text: string): SigningKey {
  if (text.length > MAX_LENGTH || !text.startsWith(PREFIX)) throw new CoreError('malformed', RULE);
  const { name, keyId, material } = splitKeyText(text.slice(PREFIX.length), RULE);
  const type = material[0];
  if (type !== undefined && type !== KEY_TYPE.ed25519) {
    throw new CoreError('unknown-key', `signing keys of type ${type} have no text form here`);
  }
  if (type === undefined || material.length !== 1 + SEED_SIZE) {
    throw new CoreError('malformed', `a signing key holds a type byte and a seed of ${SEED_SIZE} bytes`);
  }
  return { name, keyId, type, seed: material.subarray(1) };
}

/**
 * The text of a private key, given its public key. Whether the two belong together is not checked.
 *
 * @throws CoreError `unknown-key` for a key that is not of type 0x01, `malformed` for a seed that has not 32 bytes.
 */
export function formatSigningKey(key: VerifierKey, seed: Uint8Array): string {
  if (key.type !== KEY_TYPE.ed25519) {
    throw new CoreError('unknown-key', `signing keys of type ${key.type} have no text form here`);
  }
  if (seed.length !== SEED_SIZE) throw new CoreError('malformed', `an Ed25519 seed has ${SEED_SIZE} bytes`);
  const material = encodeBase64(concatBytes(Uint8Array.of(key.type), seed));
  return `${PREFIX}${key.name}+${encodeHex(keyIdBytes(key.keyId))}+${material}`;
}
