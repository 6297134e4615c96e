import { badAnswer, type KmsTask } from '../call/kms-fault.ts';
import { isAwsKey } from './aws-names.ts';

/** Bytes of an answer. AWS KMS sends no checksums: TLS alone keeps them. @throws SignerError `kms-bad-answer` */
export function answeredBytes(task: KmsTask, what: string, bytes: Uint8Array | undefined): Uint8Array {
  if (bytes instanceof Uint8Array && bytes.length > 0) return Uint8Array.from(bytes);
  throw badAnswer(task, `there is no ${what} in it`);
}

/** Requires that the service used the key that was named, and returns its ARN. @throws SignerError `kms-bad-answer` */
export function requireKey(task: KmsTask, answered: string | undefined): string {
  if (typeof answered === 'string' && isAwsKey(task.key, answered)) return answered;
  throw badAnswer(task, 'it is of another key than the one that was named');
}
