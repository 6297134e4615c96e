import {
  type CosignatureVerifier,
  cosignatureV1Verifier,
  type SubtreeVerifier,
  subtreeV1Verifier,
} from '@tilewright/core/cosignature';
import { HASH_SIZE } from '@tilewright/core/hash';
import { KEY_TYPE, type NoteVerifier, RSA_TYPE_NAME, type VerifierKey } from '@tilewright/core/note';
import { TREE_HEAD_ALGORITHM, treeHeadVerifier } from '@tilewright/core/tree-head';
import type { KeyKind } from '../keys/key-kind.ts';
import { type PublicKey, readRawKey, readSpki } from '../keys/public-key.ts';
import { verifyWith } from '../keys/raw-signatures.ts';
import { inSignerTerms, SignerError } from '../signer-error.ts';

/**
 * The verifier of a note key on node:crypto: Ed25519 (0x01), ECDSA (0x02), Ed25519 cosignatures (0x04), ML-DSA-44 (0x06)
 * and Rekor's RSA (0xFF), and RFC 6962 (0x05) where the key holds the public key and not its hash. It accepts what the
 * portable one of the type in `@tilewright/core` accepts.
 *
 * @throws SignerError `malformed`, `unsupported-key`
 */
export function noteVerifierOf(vkey: VerifierKey): NoteVerifier {
  const { name, keyId, type } = vkey;
  if (type === KEY_TYPE.cosignatureEd25519) return cosignatureVerifierOf(vkey);
  if (type === KEY_TYPE.cosignatureMlDsa44) return subtreeVerifierOf(vkey);
  if (type === KEY_TYPE.rfc6962) return treeHeadVerifierOf(vkey);
  const { key, kind } = publicKeyOfVkey(vkey);
  return { name, keyId, type, verify: verifyWith(key, kind) };
}

/** The verifier of a witness's or mirror's key, type 0x04 or 0x06. @throws SignerError `malformed`, `unsupported-key` */
export function cosignatureVerifierOf(vkey: VerifierKey): CosignatureVerifier {
  if (vkey.type === KEY_TYPE.cosignatureMlDsa44) return subtreeVerifierOf(vkey);
  const { key, kind } = publicKeyOfVkey(vkey);
  return inSignerTerms(() => cosignatureV1Verifier(vkey, verifyWith(key, kind)));
}

/** The verifier of a key of type 0x06, of subtrees too. @throws SignerError `malformed`, `unsupported-key` */
export function subtreeVerifierOf(vkey: VerifierKey): SubtreeVerifier {
  const { key, kind } = publicKeyOfVkey(vkey);
  return inSignerTerms(() => subtreeV1Verifier(vkey, verifyWith(key, kind)));
}

/**
 * The verifier of RFC 6962 tree head signatures, type 0x05, of a key of ECDSA on P-256 or RSA.
 * @param spki the log's public key, SubjectPublicKeyInfo in DER; may be left out where the vkey holds it
 * @throws SignerError `malformed`, also when vkey and key do not belong together; `unsupported-key`
 */
export function treeHeadVerifierOf(vkey: VerifierKey, spki: Uint8Array = vkey.key): NoteVerifier {
  if (spki.length === HASH_SIZE) {
    throw new SignerError(
      'unsupported-key',
      'the verifier key holds only a hash: give the public key of the log as well',
    );
  }
  const { key, kind } = requireOneOf(readSpki(spki), ['P-256', 'rsa']);
  const algorithm = kind === 'rsa' ? TREE_HEAD_ALGORITHM.rsa : TREE_HEAD_ALGORITHM.ecdsa;
  return inSignerTerms(() => treeHeadVerifier(vkey, spki, { algorithm, verifyMessage: verifyWith(key, kind) }));
}

/** The public key in a note key. @throws SignerError `malformed`, `unsupported-key` */
export function publicKeyOfVkey({ type, key }: VerifierKey): PublicKey {
  if (type === KEY_TYPE.ed25519 || type === KEY_TYPE.cosignatureEd25519) return readRawKey('ed25519', key);
  if (type === KEY_TYPE.cosignatureMlDsa44) return readRawKey('ml-dsa-44', key);
  if (type === KEY_TYPE.ecdsa) return requireOneOf(readSpki(key), ['P-256', 'P-384', 'P-521']);
  if (type === KEY_TYPE.named) return requireOneOf(readSpki(key.subarray(RSA_TYPE_NAME.length)), ['rsa']);
  throw new SignerError('unsupported-key', `a key of type ${type} does not hold the public key that it stands for`);
}

function requireOneOf(read: PublicKey, kinds: readonly KeyKind[]): PublicKey {
  if (kinds.includes(read.kind)) return read;
  throw new SignerError('unsupported-key', `a key of the kind ${read.kind} does not belong in a note key of this type`);
}
