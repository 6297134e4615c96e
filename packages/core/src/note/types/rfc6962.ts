import { HASH_SIZE } from '../../bytes/hash-value.ts';
import { CoreError } from '../../core-error.ts';
import { type TreeHeadKey, treeHeadVerifier } from '../../tree-head/tree-head.ts';
import { TREE_HEAD_ALGORITHM } from '../../tree-head/tree-head-signature.ts';
import type { NoteVerifier } from '../note-signature.ts';
import type { VerifierKey } from '../verifier-key.ts';
import { ecdsaCheck } from './ecdsa-key.ts';
import { rsaCheck } from './rsa-key.ts';

/**
 * Verifier of RFC 6962 tree head signatures, type 0x05, as static-CT logs make them: ECDSA on P-256, or RSA of 2048 to
 * 4096 bits, with SHA-256. Plain JavaScript: for every runtime.
 *
 * @param spki the log's public key, SubjectPublicKeyInfo in DER; may be left out where the vkey holds it instead of its
 *   hash
 * @throws CoreError `unknown-key` for a key of another type or kind, `malformed` for bytes that are no such key,
 *   `mismatch` when vkey and public key do not belong together.
 */
export function rfc6962NoteVerifier(vkey: VerifierKey, spki: Uint8Array = vkey.key): NoteVerifier {
  return treeHeadVerifier(vkey, spki, treeHeadKey(spki));
}

function treeHeadKey(spki: Uint8Array): TreeHeadKey {
  if (spki.length === HASH_SIZE) {
    throw new CoreError('unknown-key', 'the vkey holds only a hash: give the public key of the log as well');
  }
  try {
    return { algorithm: TREE_HEAD_ALGORITHM.ecdsa, verifyMessage: ecdsaCheck(spki, ['P-256']) };
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'unknown-key') throw error;
  }
  return { algorithm: TREE_HEAD_ALGORITHM.rsa, verifyMessage: rsaCheck(spki) };
}
