import { hashedrekordBody } from '../body/canonical-body.ts';
import { EntryError, inContext } from '../entry-error.ts';
import type { HashedRekordMessage } from '../message/entry-message.ts';
import { checkSignature } from '../signature/check-signature.ts';
import { HASHES } from '../signature/hash-names.ts';
import type { VerifySignature } from '../signature/verify-signature.ts';
import { keyOfVerifier, leafVerifier, requirePermitted, requireVerifier } from '../verifier/verifier-key.ts';

/**
 * The leaf of a hashedrekord 0.0.2 request: checks it in the order of rekor-tiles, verifies its signature over its
 * digest, writes it canonically.
 *
 * @throws EntryError saying what is wrong; a client only learns that something is.
 */
export function hashedrekordEntry(
  { digest, signature }: HashedRekordMessage,
  permitted: readonly string[],
  verify: VerifySignature,
): Uint8Array<ArrayBuffer> {
  if (signature === undefined || signature.content.length === 0) throw missing('signature');
  const { content, verifier } = signature;
  if (verifier === undefined) throw missing('verifier');
  if (digest.length === 0) throw missing('digest');
  requireVerifier(verifier);
  const parsedKey = inContext('parsing verifier', () => keyOfVerifier(verifier));
  const { key, algorithm } = requirePermitted(permitted, parsedKey, verifier.keyDetails);
  const { hash, keyDetails } = algorithm;
  if (hash === undefined) {
    const problem = `unsupported signing algorithm ${keyDetails} for hashedrekord: no associated digest algorithm`;
    throw new EntryError('unsupported-algorithm', problem);
  }
  const { size, leafName } = HASHES[hash];
  if (digest.length !== size) {
    const problem = `digest length (${digest.length}) does not match expected size (${size}) for algorithm ${hash}`;
    throw new EntryError('digest-length', problem);
  }
  inContext('verifying signature', () => checkSignature(verify, key, { kind: 'digest', hash, digest }, content));
  return hashedrekordBody({ digest, algorithm: leafName }, { content, verifier: leafVerifier(verifier, algorithm) });
}

function missing(what: string): EntryError {
  return new EntryError('missing-field', `missing ${what}`);
}
