import { parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { type CheckpointFields, parseCheckpointFields } from '../checkpoint/checkpoint-fields.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE } from '../note/key-id.ts';
import type { KeyedNoteSigner } from '../note/keyed-signer.ts';
import { verdict } from '../note/verdict.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import {
  type LogSubtree,
  requireType,
  type SignMessage,
  type SubtreeCosigner,
  type SubtreeVerifier,
  signed,
  type VerifyMessage,
} from './cosigner.ts';
import { encodeStatement, subtreeV1Message } from './subtree-v1-message.ts';
import { checkTimestamp, formatTimestampedSignature, parseTimestampedSignature } from './timestamped-signature.ts';

const FORMAT = 'subtree/v1';
const SIGNATURE_SIZE = 2420;

/**
 * Verifier of signatures of type 0x06 on the raw check of the key's ML-DSA-44 signatures (FIPS 204, pure, empty
 * context). Of a note it takes checkpoints without extension lines alone, because the signature does not cover those
 * (tlog-cosignature, "ML-DSA-44"). Ready-made: `./note/ml-dsa` in plain JavaScript, `@tilewright/signer` on node:crypto.
 *
 * @throws CoreError `unknown-key` for a key of another type.
 */
export function subtreeV1Verifier(key: VerifierKey, verifyMessage: VerifyMessage): SubtreeVerifier {
  requireType(key, KEY_TYPE.cosignatureMlDsa44, FORMAT);
  const { name, keyId, type } = key;
  const check = (payload: Uint8Array, message: (timestamp: bigint) => Uint8Array): boolean =>
    verdict(() => {
      const { timestamp, signature } = parseTimestampedSignature(payload);
      return signature.length === SIGNATURE_SIZE && verifyMessage(message(timestamp), signature);
    });
  return {
    name,
    keyId,
    type,
    verify: (text, payload) =>
      check(payload, (timestamp) => checkpointMessage(name, timestamp, parseCheckpointFields(text))),
    verifySubtree: (subtree, payload) =>
      check(payload, (timestamp) => subtreeV1Message({ ...subtree, cosigner: name, timestamp })),
  };
}

/**
 * Cosigner of type 0x06 on a function that makes the key's ML-DSA-44 signatures (pure, empty context).
 *
 * @throws CoreError `unknown-key` for a key of another type.
 */
export function subtreeV1Cosigner(key: VerifierKey, signMessage: SignMessage): SubtreeCosigner {
  requireType(key, KEY_TYPE.cosignatureMlDsa44, FORMAT);
  const sign = async (message: Uint8Array, timestamp: bigint): Promise<Uint8Array<ArrayBuffer>> =>
    formatTimestampedSignature({ timestamp, signature: await signed(signMessage, message, SIGNATURE_SIZE) });
  return {
    key,
    cosign: async (text, timestamp) => {
      parseCheckpoint(text);
      return sign(checkpointMessage(key.name, checkTimestamp(timestamp), parseCheckpointFields(text)), timestamp);
    },
    signSubtree: async ({ origin, start, end, hash }: LogSubtree) =>
      sign(subtreeV1Message({ cosigner: key.name, timestamp: 0n, origin, start, end, hash }), 0n),
  };
}

/**
 * A log's own signer on its ML-DSA key: type 0x06 with timestamp 0, of checkpoints whose origin is the key's name. A log
 * signs with it beside its Ed25519 key (tlog-checkpoint, "Signatures").
 */
export function subtreeV1LogSigner(cosigner: SubtreeCosigner): KeyedNoteSigner {
  const { key } = cosigner;
  return {
    key,
    name: key.name,
    keyId: key.keyId,
    type: key.type,
    sign: async (text) => {
      if (parseCheckpoint(text).origin !== key.name) {
        throw new CoreError('mismatch', `the checkpoint is not of the log ${JSON.stringify(key.name)}`);
      }
      return cosigner.cosign(text, 0n);
    },
  };
}

function checkpointMessage(cosigner: string, timestamp: bigint, checkpoint: CheckpointFields): Uint8Array {
  const { origin, size, root, extensions } = checkpoint;
  if (extensions.length > 0) {
    throw new CoreError(
      'mismatch',
      'a key of type 0x06 does not sign extension lines, and so no checkpoint that has them',
    );
  }
  return encodeStatement({ cosigner, timestamp, origin, start: 0n, end: size, hash: root });
}
