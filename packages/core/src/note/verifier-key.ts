import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE, keyIdBytes, keyIdOf, noteKeyHash } from './key-id.ts';
import { isKeyName } from './key-name.ts';

/** A public key of a note signer (signed-note, "Verifier keys"). */
export interface VerifierKey {
  readonly name: string;
  /** Unsigned 32-bit key id, equal to what name, type and key make it. */
  readonly keyId: number;
  /** One of the {@link KEY_TYPE} values. */
  readonly type: number;
  /** The key material without the type byte. */
  readonly key: Uint8Array;
}

const MAX_VKEY_LENGTH = 4096;
const KEY_ID_DIGITS = 8;

/** Bytes of key material by type; an ECDSA key is checked when its verifier is made. */
const KEY_SIZES: ReadonlyMap<number, number | 'variable'> = new Map<number, number | 'variable'>([
  [KEY_TYPE.ed25519, 32],
  [KEY_TYPE.ecdsa, 'variable'],
  [KEY_TYPE.cosignatureEd25519, 32],
  [KEY_TYPE.cosignatureMlDsa44, 1312],
]);

/**
 * The key that a vkey writes: `<name>+<key id, 8 lowercase hex digits>+<base64 of type and key>`.
 *
 * @throws CoreError `malformed`; `unknown-key` for another type; `mismatch` when the id is not that of name and key.
 */
export function parseVerifierKey(vkey: string): VerifierKey {
  if (vkey.length > MAX_VKEY_LENGTH)
    throw new CoreError('malformed', `a vkey has at most ${MAX_VKEY_LENGTH} characters`);
  // Only the first two plus signs separate: base64 may hold more of them.
  const afterName = vkey.indexOf('+');
  const afterId = vkey.indexOf('+', afterName + 1);
  const name = vkey.slice(0, Math.max(afterName, 0));
  const id = vkey.slice(afterName + 1, afterId);
  if (afterId < 0 || id.length !== KEY_ID_DIGITS || !isKeyName(name)) {
    throw new CoreError('malformed', 'a vkey is <name>+<8 hex digits>+<base64>');
  }
  const keyId = keyIdOf(decodeHex(id));
  const material = decodeBase64(vkey.slice(afterId + 1));
  const type = material[0];
  if (type === undefined) throw new CoreError('malformed', 'a vkey holds a type byte and a key');
  const key = material.subarray(1);
  if (keyIdOfKey(name, type, key) !== keyId) {
    throw new CoreError('mismatch', 'the key id of the vkey is not that of its name, type and key');
  }
  return { name, keyId, type, key };
}

/**
 * The vkey of a key; the key id is computed.
 *
 * @throws CoreError `malformed` for a bad name or length of key, `unknown-key` for another type.
 */
export function formatVerifierKey(name: string, type: number, key: Uint8Array): string {
  const id = encodeHex(keyIdBytes(keyIdOfKey(name, type, key)));
  return `${name}+${id}+${encodeBase64(concatBytes(Uint8Array.of(type), key))}`;
}

function keyIdOfKey(name: string, type: number, key: Uint8Array): number {
  const size = KEY_SIZES.get(type);
  if (size === undefined) throw new CoreError('unknown-key', `keys of type ${type} are not supported`);
  if (size === 'variable' ? key.length === 0 : key.length !== size) {
    throw new CoreError('malformed', `a key of type ${type} does not have ${key.length} bytes`);
  }
  return keyIdOf(noteKeyHash(name, type, key));
}
