import type { NoteSigner } from './note-signature.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A signer that knows its public key. */
export interface KeyedNoteSigner extends NoteSigner {
  readonly key: VerifierKey;
}

/** The signer of `key` on a function that signs the text of notes. */
export function keyedSigner(key: VerifierKey, sign: (text: Uint8Array) => Uint8Array): KeyedNoteSigner {
  return { key, name: key.name, keyId: key.keyId, sign: async (text) => sign(text) };
}
