import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { equalBytes } from '@tilewright/core/bytes';
import { publicKeyOf } from '../../keys/public-key.ts';
import { SignerError } from '../../signer-error.ts';
import type { KeysetKey } from '../keyset-model.ts';
import { readEcdsaKey } from './ecdsa-key.ts';
import { readEd25519Key } from './ed25519-key.ts';
import type { PrivateParts } from './private-parts.ts';

/** Types of private keys that sign checkpoints. */
const READERS: ReadonlyMap<string, (value: Uint8Array) => PrivateParts> = new Map([
  ['type.googleapis.com/google.crypto.tink.Ed25519PrivateKey', readEd25519Key],
  ['type.googleapis.com/google.crypto.tink.EcdsaPrivateKey', readEcdsaKey],
]);

const PREFIX = 'type.googleapis.com/google.crypto.tink.';
const NEEDED = 'an Ed25519 or ECDSA private key is needed';

/**
 * The private key in an entry of a keyset.
 * @throws SignerError `keyset-unknown-type`, `keyset-malformed`; `key-mismatch` when the keyset names another public key
 *   than that of its private one
 */
export function privateKeyOf(key: KeysetKey): KeyObject {
  const { type, pkcs8, publicValue } = readParts(key);
  let privateKey: KeyObject;
  let derived: Uint8Array;
  try {
    privateKey = createPrivateKey({ key: Buffer.from(pkcs8.buffer), format: 'der', type: 'pkcs8' });
    derived = publicKeyOf(createPublicKey(privateKey)).spki;
  } catch {
    throw new SignerError('keyset-malformed', `key ${key.id} of the keyset is no ${type} private key`);
  } finally {
    pkcs8.fill(0);
  }
  if (equalBytes(derived.subarray(derived.length - publicValue.length), publicValue)) return privateKey;
  throw new SignerError(
    'key-mismatch',
    `key ${key.id} of the keyset has the public key of another private key; take the keyset from its backup`,
  );
}

/**
 * The type of a key in words, with its curve; the name that Tink gives the type of one that does not sign here.
 * @throws SignerError `keyset-malformed`, `keyset-unknown-type`
 */
export function keyTypeOf(key: KeysetKey): string {
  if (key.data === undefined || !READERS.has(key.data.typeUrl)) return shortType(key.data?.typeUrl ?? '');
  const { type, pkcs8 } = readParts(key);
  pkcs8.fill(0);
  return type;
}

/** The last part of a type's name; `unknown` when there is none that a message can hold. */
export function shortType(typeUrl: string): string {
  const name = typeUrl.startsWith(PREFIX) ? typeUrl.slice(PREFIX.length) : typeUrl;
  return /^[\w./-]{1,100}$/.test(name) ? name : 'unknown';
}

function readParts({ id, data }: KeysetKey): PrivateParts {
  if (data === undefined) throw new SignerError('keyset-malformed', `key ${id} of the keyset has no data; ${NEEDED}`);
  const reader = READERS.get(data.typeUrl);
  if (reader !== undefined) return reader(data.value);
  throw new SignerError(
    'keyset-unknown-type',
    `key ${id} of the keyset is of type ${shortType(data.typeUrl)}, which does not sign checkpoints; ${NEEDED}`,
  );
}
