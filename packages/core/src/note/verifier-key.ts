import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { HASH_SIZE } from '../bytes/hash-value.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { concatBytes, equalBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { within } from '../on-line.ts';
import { KEY_TYPE, keyIdBytes, keyIdOf, noteKeyHash, RSA_TYPE_NAME } from './key-id.ts';
import { isKeyName, KEY_NAME_RULE } from './key-name.ts';

/** A public key of a note signer (signed-note, "Verifier keys"). */
export interface VerifierKey {
  readonly name: string;
  /** Unsigned 32-bit key id, equal to what name, type and key make it. */
  readonly keyId: number;
  /** One of the {@link KEY_TYPE} values. */
  readonly type: number;
  /** The key material: all that follows the type byte. */
  readonly key: Uint8Array;
}

const MAX_VKEY_LENGTH = 4096;
const KEY_ID_DIGITS = 8;
/** ML-DSA cosignatures write the length of the name in one byte (tlog-cosignature, "ML-DSA-44"). */
const MAX_NAME_SIZE = 255;
const RSA_TYPE_BYTES = encodeUtf8(RSA_TYPE_NAME);

/** Bytes of key material by type; a key in DER is checked when its verifier is made. */
const KEY_SIZES: ReadonlyMap<number, number | 'variable'> = new Map<number, number | 'variable'>([
  [KEY_TYPE.ed25519, 32],
  [KEY_TYPE.ecdsa, 'variable'],
  [KEY_TYPE.cosignatureEd25519, 32],
  [KEY_TYPE.rfc6962, 'variable'],
  [KEY_TYPE.cosignatureMlDsa44, 1312],
  [KEY_TYPE.named, 'variable'],
]);

/**
 * The key that a vkey writes: `<name>+<key id, 8 lowercase hex digits>+<base64 of type and key>`, at most 4096
 * characters (signed-note, "Verifier keys").
 *
 * @throws CoreError `malformed`; `unknown-key` for another type; `mismatch` when the id is not that of name and key.
 */
export function parseVerifierKey(vkey: string): VerifierKey {
  if (vkey.length > MAX_VKEY_LENGTH)
    throw new CoreError('malformed', `a vkey has at most ${MAX_VKEY_LENGTH} characters`);
  const { name, keyId, material } = splitKeyText(vkey, 'a vkey is <name>+<8 hex digits>+<base64>');
  const type = material[0];
  if (type === undefined) throw new CoreError('malformed', 'a vkey holds a type byte and a key');
  const made = verifierKey(name, type, material.subarray(1));
  if (made.keyId !== keyId) {
    throw new CoreError('mismatch', 'the key id of the vkey is not that of its name, type and key');
  }
  return made;
}

/**
 * The vkey of a key; the key id is computed.
 *
 * @throws CoreError `malformed` for a bad name or length of key, `unknown-key` for another type.
 */
export function formatVerifierKey(name: string, type: number, key: Uint8Array): string {
  const { keyId } = verifierKey(name, type, key);
  return `${name}+${encodeHex(keyIdBytes(keyId))}+${encodeBase64(concatBytes(Uint8Array.of(type), key))}`;
}

/**
 * A key from its parts; the key id is computed. Does not copy the key material.
 *
 * @throws CoreError `malformed` for a bad name or length of key, `unknown-key` for another type.
 */
export function verifierKey(name: string, type: number, key: Uint8Array): VerifierKey {
  const size = KEY_SIZES.get(type);
  const head = key.subarray(0, RSA_TYPE_BYTES.length);
  if (size === undefined || (type === KEY_TYPE.named && !equalBytes(head, RSA_TYPE_BYTES))) {
    throw new CoreError('unknown-key', `keys of type ${type}${size === undefined ? '' : ' and that name'} are unknown`);
  }
  const least = type === KEY_TYPE.named ? RSA_TYPE_BYTES.length + 1 : type === KEY_TYPE.rfc6962 ? HASH_SIZE : 1;
  if (size === 'variable' ? key.length < least : key.length !== size) {
    throw new CoreError('malformed', `a key of type ${type} does not have ${key.length} bytes`);
  }
  if (type === KEY_TYPE.cosignatureMlDsa44 && encodeUtf8(name).length > MAX_NAME_SIZE) {
    throw new CoreError('malformed', `the name of an ML-DSA key has at most ${MAX_NAME_SIZE} bytes`);
  }
  return { name, keyId: keyIdOf(noteKeyHash(name, type, key)), type, key };
}

/** The three parts of a vkey, or of a signing key after its prefix. Error messages show nothing of them. */
export function splitKeyText(
  text: string,
  rule: string,
): { readonly name: string; readonly keyId: number; readonly material: Uint8Array } {
  // Only the first two plus signs separate: base64 may hold more of them.
  const afterName = text.indexOf('+');
  const afterId = text.indexOf('+', afterName + 1);
  const name = text.slice(0, Math.max(afterName, 0));
  const id = text.slice(afterName + 1, afterId);
  if (afterId < 0) throw new CoreError('malformed', rule);
  if (id.length !== KEY_ID_DIGITS)
    throw new CoreError('malformed', `the key id has ${KEY_ID_DIGITS} hex digits: ${rule}`);
  if (!isKeyName(name)) throw new CoreError('malformed', KEY_NAME_RULE);
  return {
    name,
    keyId: within('the key id', () => keyIdOf(decodeHex(id))),
    material: within('the key', () => decodeBase64(text.slice(afterId + 1))),
  };
}
