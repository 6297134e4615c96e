import { encodeBase64 } from '../bytes/base64.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE, keyIdBytes } from './key-id.ts';
import { splitKeyText, type VerifierKey } from './verifier-key.ts';

/** A private key as Go's packages for notes write it. Secret: keep it out of messages and logs. */
export interface SigningKey {
  readonly name: string;
  /** Key id of the public key; nobody has compared it with the seed yet. */
  readonly keyId: number;
  /** 0x01 Ed25519, 0x04 Ed25519 cosignatures, 0x06 ML-DSA-44. */
  readonly type: number;
  /** 32 bytes: the private key of RFC 8032, or the short form of FIPS 204. */
  readonly seed: Uint8Array;
}

const PREFIX = 'PRIVATE+KEY+';
const SEED_SIZE = 32;
const MAX_LENGTH = 4096;
const RULE = 'a signing key is PRIVATE+KEY+<name>+<8 hex digits>+<base64>';
const TYPES: readonly number[] = [KEY_TYPE.ed25519, KEY_TYPE.cosignatureEd25519, KEY_TYPE.cosignatureMlDsa44];

/**
 * The private key in the text that Go's note.GenerateKey makes: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`.
 * The specification has no such form; Go's is for Ed25519 (0x01), and other programs use it for 0x04 and 0x06 too.
 * Whether the key id belongs to the seed is for who makes the public key to say: the `…Of` functions of `./note/ed25519`,
 * `./note/cosignature` and `./note/ml-dsa` do.
 *
 * @throws CoreError `malformed`; `unknown-key` for another type. Messages hold nothing of the key.
 */
export function parseSigningKey(text: string): SigningKey {
  if (text.length > MAX_LENGTH) {
    throw new CoreError('malformed', `a signing key has at most ${MAX_LENGTH} characters`);
  }
  if (!text.startsWith(PREFIX)) throw new CoreError('malformed', RULE);
  const { name, keyId, material } = splitKeyText(text.slice(PREFIX.length), RULE);
  const type = material[0];
  if (type === undefined) throw new CoreError('malformed', 'a signing key holds a type byte and a seed');
  return { name, keyId, ...checkParts(type, material.subarray(1)) };
}

/**
 * The text of a private key, given its public key. Whether the two belong together is not checked.
 *
 * @throws CoreError `unknown-key` for a key of another type than 0x01, 0x04 and 0x06, `malformed` for a seed that has not
 *   32 bytes.
 */
export function formatSigningKey(key: VerifierKey, seed: Uint8Array): string {
  const { type } = checkParts(key.type, seed);
  return `${PREFIX}${key.name}+${encodeHex(keyIdBytes(key.keyId))}+${encodeBase64(concatBytes(Uint8Array.of(type), seed))}`;
}

/** What a signer or cosigner was made of, once its public key has the id that the text of the key has. */
export function requireSameKey<T extends { readonly key: VerifierKey }>(
  { name, keyId, type, seed }: SigningKey,
  expected: number,
  make: (name: string, seed: Uint8Array) => T,
): T {
  if (type !== expected) throw new CoreError('unknown-key', `a signing key of type ${type} is not one of ${expected}`);
  const made = make(name, seed);
  if (made.key.keyId === keyId) return made;
  throw new CoreError('mismatch', 'the key id of the signing key is not that of its name and public key');
}

function checkParts(type: number, seed: Uint8Array): { readonly type: number; readonly seed: Uint8Array } {
  if (!TYPES.includes(type)) throw new CoreError('unknown-key', `signing keys of type ${type} have no text form here`);
  if (seed.length !== SEED_SIZE) throw new CoreError('malformed', `a signing key holds a seed of ${SEED_SIZE} bytes`);
  return { type, seed };
}
