import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { concatBytes, decodeHex } from '@tilewright/core/bytes';
import { publicKeyOf, rawKey } from '../../keys/public-key.ts';
import { SignerError } from '../../signer-error.ts';
import type { KeyData } from '../keyset-model.ts';
import { WireMessage } from '../wire-message.ts';
import { bytesField } from '../wire-writer.ts';
import { type PrivateParts, requireVersion } from './private-parts.ts';

const SIZE = 32;
const PKCS8_HEAD = decodeHex('302e020100300506032b657004220420');
const TYPE_URL = 'type.googleapis.com/google.crypto.tink.Ed25519PrivateKey';

/**
 * Reads the message `Ed25519PrivateKey` (ed25519.proto): version 1, key_value 2 (the seed of RFC 8032), public_key 3.
 * @throws SignerError `keyset-malformed`, `keyset-unknown-type`
 */
export function readEd25519Key(value: Uint8Array): PrivateParts {
  const message = new WireMessage(value, 'the Ed25519 key of the keyset');
  const publicKey = message.message(3, 'the Ed25519 public key of the keyset');
  requireVersion(message.uint32(1), 'the Ed25519 key of the keyset');
  requireVersion(publicKey.uint32(1), 'the Ed25519 public key of the keyset');
  const seed = requireSize(message.bytes(2), 'the private half');
  const publicValue = requireSize(publicKey.bytes(2), 'the public half');
  return { type: 'Ed25519', pkcs8: concatBytes(PKCS8_HEAD, seed), publicValue };
}

/** Makes a new key. */
export function newEd25519Key(): KeyData {
  const seed = randomBytes(SIZE);
  const pkcs8 = Buffer.concat([PKCS8_HEAD, seed]);
  const publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  const raw = rawKey(publicKeyOf(publicKey).spki, 'ed25519');
  const value = concatBytes(bytesField(2, seed), bytesField(3, bytesField(2, raw)));
  seed.fill(0);
  pkcs8.fill(0);
  return { typeUrl: TYPE_URL, value, material: 'ASYMMETRIC_PRIVATE' };
}

function requireSize(bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length === SIZE) return bytes;
  throw new SignerError(
    'keyset-malformed',
    `${what} of the Ed25519 key of the keyset has ${bytes.length} bytes, not ${SIZE}`,
  );
}
