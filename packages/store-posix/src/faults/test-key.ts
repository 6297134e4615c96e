import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { asHash, type Hash } from '@tilewright/core/bytes';
import { keyIdOf, type NoteSigner, type NoteVerifier, noteKeyHash } from '@tilewright/core/note';

/** Name of the log of the fault table. */
export const ORIGIN = 'example.com/faults';

// RFC 8410: an Ed25519 private key of 32 bytes, here all of them 7.
const PKCS8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);
const privateKey = createPrivateKey({ key: PKCS8, format: 'der', type: 'pkcs8' });
const publicKey = createPublicKey(privateKey);
const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));

/** Id of the log. */
export const LOG_ID: Hash = asHash(noteKeyHash(ORIGIN, 0x01, raw));

const name = ORIGIN;
const keyId = keyIdOf(LOG_ID);

/** Signs as the log, and tells `observer` each text before. */
export function logSigner(observer: (text: Uint8Array) => void): NoteSigner {
  return {
    name,
    keyId,
    async sign(text) {
      observer(text);
      return new Uint8Array(sign(null, text, privateKey));
    },
  };
}

/** Verifies as anybody. */
export const logVerifier: NoteVerifier = {
  name,
  keyId,
  verify: (text, signature) => verify(null, text, publicKey, signature),
};
