import { hash, type KeyObject } from 'node:crypto';
import { verifyWith } from '../../keys/raw-signatures.ts';
import type { SigningKey } from '../../keys/signing-key.ts';
import { badAnswer, type KmsTask } from '../call/kms-fault.ts';
import type { KmsAlgorithm } from './kms-algorithm.ts';

/**
 * A signing key that a service keeps. Each signature is verified before it is used: whatever went wrong between here
 * and there, what is returned is a signature of this message by this key.
 *
 * @param signInput asks the service for a signature of the message, or of its hash where the algorithm has one
 */
export function kmsSigningKey(
  task: KmsTask,
  publicKey: KeyObject,
  algorithm: KmsAlgorithm,
  signInput: (input: Uint8Array) => Promise<Uint8Array>,
  close: () => Promise<void>,
): SigningKey {
  const isSignature = verifyWith(publicKey, algorithm.kind);
  return {
    publicKey,
    sign: async (message) => {
      const input = algorithm.hash === undefined ? message : hash(algorithm.hash, message, 'buffer');
      const signature = Uint8Array.from(await signInput(input));
      if (!isSignature(message, signature)) throw badAnswer(task, 'the signature is not one of this key');
      return signature;
    },
    close,
  };
}
