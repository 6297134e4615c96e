import { hash } from 'node:crypto';
import { asHash, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import type { NoteSigner, NoteVerifier } from '@tilewright/core/note';

/** Name of the simulated log. */
export const ORIGIN = 'example.com/simulated';
/** Id of the simulated log. */
export const LOG_ID: Hash = asHash(new Uint8Array(32).fill(0x5a));

const SECRET = encodeUtf8('the key of the simulated log\n');
const KEY_ID = 0x5a5a5a5a;

/**
 * A keyed hash stands for the signature: the engine under test neither makes nor checks signatures itself, and an
 * elliptic curve would take half the time of every history.
 */
function tag(text: Uint8Array): Uint8Array {
  const input = new Uint8Array(SECRET.length + text.length);
  input.set(SECRET);
  input.set(text, SECRET.length);
  return new Uint8Array(hash('sha256', input, 'buffer'));
}

/** Signs as the log, and tells `observer` each text before. */
export function logSigner(observer: (text: Uint8Array) => void): NoteSigner {
  return {
    name: ORIGIN,
    keyId: KEY_ID,
    async sign(text) {
      observer(text);
      return tag(text);
    },
  };
}

/** Verifies as anybody. */
export const logVerifier: NoteVerifier = {
  name: ORIGIN,
  keyId: KEY_ID,
  verify: (text, signature) => equalBytes(tag(text), signature),
};
