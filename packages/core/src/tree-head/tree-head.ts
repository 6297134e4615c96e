import { concatBytes } from '../bytes/sequences.ts';
import { parseCheckpointFields } from '../checkpoint/checkpoint-fields.ts';
import { CoreError } from '../core-error.ts';
import { sha256 } from '../hash/tree-hash.ts';
import type { Tree } from '../merkle/tree.ts';
import { KEY_TYPE } from '../note/key-id.ts';
import type { NoteVerifier } from '../note/note-signature.ts';
import { verdict } from '../note/verdict.ts';
import { type VerifierKey, verifierKey } from '../note/verifier-key.ts';
import { checkMilliseconds, parseTreeHeadSignature, type TreeHeadAlgorithm } from './tree-head-signature.ts';

/** A public key of a log of RFC 6962, and how its raw signatures over a message (hashed with SHA-256) are checked. */
export interface TreeHeadKey {
  readonly algorithm: TreeHeadAlgorithm;
  /** Says whether a signature over a message holds; a malformed one does not, or is a `CoreError`. */
  readonly verifyMessage: (message: Uint8Array, signature: Uint8Array) => boolean;
}

/**
 * The note key of a log of RFC 6962: its material is the log id, SHA-256 of the SubjectPublicKeyInfo in DER
 * (static-ct-api, "Checkpoints"). Its id is that of the key whose material is the SubjectPublicKeyInfo itself.
 *
 * @throws CoreError `malformed` for a bad name.
 */
export function treeHeadVerifierKey(name: string, spki: Uint8Array): VerifierKey {
  return verifierKey(name, KEY_TYPE.rfc6962, sha256(spki));
}

/**
 * The 50 bytes under a signature of type 0x05: version 0, type 1 (tree hash), timestamp, size, root (RFC 6962, section
 * 3.5). Neither the origin nor extension lines are in it.
 *
 * @param timestamp milliseconds since 1970, 0 … 2^63-1
 * @throws CoreError `out-of-range` for the timestamp.
 */
export function treeHeadMessage(timestamp: bigint, { size, root }: Tree): Uint8Array<ArrayBuffer> {
  return message(timestamp, BigInt(size), root);
}

/**
 * Verifier of signatures of type 0x05 on the raw check of the log's key. Because the signature covers neither, the text
 * has to be a checkpoint without extension lines whose origin is the name of the key (static-ct-api, "Checkpoints").
 * Ready-made: `./note/rfc6962` in plain JavaScript, `@tilewright/signer` on node:crypto.
 *
 * @param spki the SubjectPublicKeyInfo in DER that the vkey holds, or of which it holds the hash
 * @throws CoreError `unknown-key` for a vkey of another type, `mismatch` when it is not of this public key.
 */
export function treeHeadVerifier(vkey: VerifierKey, spki: Uint8Array, key: TreeHeadKey): NoteVerifier {
  const { name, keyId, type } = vkey;
  if (type !== KEY_TYPE.rfc6962) {
    throw new CoreError('unknown-key', `a key of type ${type} does not make RFC 6962 tree head signatures`);
  }
  if (treeHeadVerifierKey(name, spki).keyId !== keyId) {
    throw new CoreError('mismatch', 'the public key is not the one whose log id is in the verifier key');
  }
  const check = (text: Uint8Array, payload: Uint8Array): boolean => {
    const { origin, size, root, extensions } = parseCheckpointFields(text);
    const { timestamp, algorithm, signature } = parseTreeHeadSignature(payload);
    if (origin !== name || extensions.length > 0 || algorithm !== key.algorithm) return false;
    return key.verifyMessage(message(timestamp, size, root), signature);
  };
  return {
    name,
    keyId,
    type,
    verify: (text, payload) => verdict(() => check(text, payload)),
  };
}

function message(timestamp: bigint, size: bigint, root: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(18);
  const view = new DataView(head.buffer);
  view.setUint8(1, 1);
  view.setBigUint64(2, checkMilliseconds(timestamp));
  view.setBigUint64(10, size);
  return concatBytes(head, root);
}
