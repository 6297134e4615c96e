import type { NoteSigner } from '@tilewright/core/note';
import type { SigningKey } from '../keys/signing-key.ts';
import { type LogVerifier, logVerifierOf } from './log-verifier.ts';

/** A log's key: its public identity and the signer of its checkpoints. */
export interface LogKey extends LogVerifier {
  /** Signs the text of notes: pure Ed25519, ECDSA in DER with the hash of the curve, or RSA PKCS #1 v1.5 with SHA-256. */
  readonly signer: NoteSigner;
  /** Lets go of what reaches the private key, which then signs no more. Absent where the key is in memory. */
  close?(): Promise<void>;
}

/**
 * What a key is to the log of this origin: its note key, log id and signer. Whether the key's halves belong together is
 * not looked at here.
 * @param origin the log's name: 1 to 255 bytes, no white space, no `+`
 * @throws SignerError `bad-origin`; `unsupported-key` for a kind of key that Rekor logs do not have; `malformed`
 */
export function logKeyOf(key: SigningKey, origin: string): LogKey {
  const identity = logVerifierOf(key.publicKey, origin);
  const { keyId, name } = identity.verifier;
  const signer: NoteSigner = { name, keyId, sign: (text) => key.sign(text) };
  const close = key.close?.bind(key);
  return { ...identity, signer, ...(close && { close }) };
}
