import { crc32c } from '../call/crc32c.ts';
import { badAnswer, type KmsTask } from '../call/kms-fault.ts';
import { isSameGcpName } from './gcp-names.ts';

/** A checksum in an answer: a wrapped 64-bit number, which the SDK writes in one of several ways. */
export type GcpChecksum = { readonly value?: { toString(): string } | null } | null | undefined;

/**
 * Bytes of an answer, checked against the checksum that came with them.
 * @throws SignerError `kms-bad-answer`
 */
export function checkedBytes(
  task: KmsTask,
  what: string,
  bytes: Uint8Array | string | null | undefined,
  checksum: GcpChecksum,
): Uint8Array {
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) throw badAnswer(task, `there is no ${what} in it`);
  const told = checksum?.value?.toString();
  if (told === undefined) throw badAnswer(task, `the ${what} has no checksum`);
  if (told !== `${crc32c(bytes)}`) throw badAnswer(task, `the ${what} does not match its checksum`);
  return bytes;
}

/** Requires that the service checked what it was sent. @throws SignerError `kms-bad-answer` */
export function requireVerified(task: KmsTask, what: string, isVerified: boolean | null | undefined): void {
  if (isVerified !== true) throw badAnswer(task, `the checksum of the ${what} was not looked at`);
}

/** Requires that the service used what was named. @throws SignerError `kms-bad-answer` */
export function requireName(task: KmsTask, asked: string, answered: string | null | undefined): void {
  if (typeof answered === 'string' && isSameGcpName(asked, answered)) return;
  throw badAnswer(task, 'it is of another key than the one that was named');
}
