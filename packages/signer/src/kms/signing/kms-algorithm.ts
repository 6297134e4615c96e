import type { KeyObject } from 'node:crypto';
import { describeKey, type KeyKind, kindOf } from '../../keys/key-kind.ts';
import { publicKeyOf } from '../../keys/public-key.ts';
import { SignerError } from '../../signer-error.ts';
import { badAnswer, clip, type KmsTask } from '../call/kms-fault.ts';

/** Hashes of `--signer-kmshash`. */
export type KmsHash = 'sha256' | 'sha384' | 'sha512';

/** How a service signs with a kind of key. */
export interface KmsAlgorithm {
  readonly kind: KeyKind;
  /** The hash that the service is sent instead of the message; `undefined` where it is sent the message (Ed25519). */
  readonly hash: KmsHash | undefined;
}

/**
 * The algorithm of a key, by the service's name for it.
 * @throws SignerError `unsupported-key` for one that does not sign checkpoints, or signs with another hash than `hash`
 */
export function requireAlgorithm<A extends KmsAlgorithm>(
  task: KmsTask,
  algorithms: Readonly<Record<string, A>>,
  name: string | null | undefined,
  hash: KmsHash,
): A {
  const algorithm = Object.hasOwn(algorithms, name ?? '') ? algorithms[name ?? ''] : undefined;
  if (algorithm === undefined) {
    throw new SignerError(
      'unsupported-key',
      `${clip(task.key)} is a key of ${task.service} of type ${clip(name ?? 'unknown')}, which does not sign ` +
        `checkpoints; make one of: ${Object.keys(algorithms).join(', ')}`,
    );
  }
  if (algorithm.hash !== undefined && algorithm.hash !== hash) {
    throw new SignerError(
      'unsupported-key',
      `${clip(task.key)} is of type ${name} and signs with ${algorithm.hash}, not with ${hash}; ` +
        `give --signer-kmshash ${algorithm.hash}`,
    );
  }
  return algorithm;
}

/**
 * Reads the public half of a key that a service keeps.
 * @throws SignerError `kms-bad-answer` when it is none, or of another kind than the service said; as `publicKeyOf`
 */
export function kmsPublicKey(task: KmsTask, kind: KeyKind, read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw badAnswer(task, 'the public key in it cannot be read');
  }
  if (kindOf(key) !== kind) throw badAnswer(task, `it has an ${describeKey(key)} key where ${kind} was said`);
  return publicKeyOf(key).key;
}
