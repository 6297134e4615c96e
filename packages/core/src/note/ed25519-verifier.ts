import { ed25519 } from '@noble/curves/ed25519.js';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE } from './key-id.ts';
import type { NoteVerifier } from './note-signature.ts';
import type { VerifierKey } from './verifier-key.ts';

const SIGNATURE_SIZE = 64;

/**
 * Verifier of Ed25519 note signatures, type 0x01: pure Ed25519 over the text (RFC 8032; keys of small order and
 * non-canonical encodings are refused). Plain JavaScript: for every runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type, `malformed` for 32 bytes that are no such key.
 */
export function ed25519NoteVerifier(vkey: VerifierKey): NoteVerifier {
  if (vkey.type !== KEY_TYPE.ed25519) {
    throw new CoreError('unknown-key', `a key of type ${vkey.type} does not make Ed25519 note signatures`);
  }
  const key = vkey.key.slice();
  checkPoint(key);
  return {
    name: vkey.name,
    keyId: vkey.keyId,
    verify(text, signature) {
      return signature.length === SIGNATURE_SIZE && ed25519.verify(signature, text, key, { zip215: false });
    },
  };
}

function checkPoint(key: Uint8Array): void {
  let smallOrder: boolean;
  try {
    smallOrder = ed25519.Point.fromBytes(key, false).isSmallOrder();
  } catch (cause) {
    throw new CoreError('malformed', 'the key is not a point of the Ed25519 curve', { cause });
  }
  if (smallOrder) throw new CoreError('malformed', 'the Ed25519 key has small order: anyone can sign for it');
}
