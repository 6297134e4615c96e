import { fieldOf, isNetworkError, messageOf } from '../call/error-fields.ts';
import { clip, type KmsFault, type KmsTask } from '../call/kms-fault.ts';

/** Thrown when the SDK could not get ready, which is where it looks for credentials. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/** Status codes of gRPC (grpc/doc/statuscodes.md). */
const CODE = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

const PASSING: ReadonlySet<unknown> = new Set([
  CODE.cancelled,
  CODE.deadlineExceeded,
  CODE.resourceExhausted,
  CODE.aborted,
  CODE.internal,
  CODE.unavailable,
]);

/** What gRPC says, under codes that otherwise pass, of bytes that are no message. */
const UNREADABLE = /Response message parsing error|Received message larger than max/;

/** What an error of the SDK of Google Cloud KMS means. */
export function gcpFaultOf(cause: unknown, task: KmsTask): KmsFault {
  if (cause instanceof NotReady) return notReady(cause);
  const code = fieldOf(cause, 'code');
  if (typeof code !== 'number') return unavailable(messageOf(cause), isNetworkError(cause));
  const details = fieldOf(cause, 'details');
  const reason = clip(typeof details === 'string' && details !== '' ? details : messageOf(cause));
  if (reason.includes('Getting metadata from plugin failed')) {
    return { code: 'kms-refused', reason: `no credentials: ${reason}`, transient: true };
  }
  if (UNREADABLE.test(reason)) return bad('it is not a message of this service');
  if (PASSING.has(code)) return unavailable(reason, true);
  if (code === CODE.unimplemented || code === CODE.unknown) return bad(`it is not from this service (${reason})`);
  if (code === CODE.invalidArgument && /crc32c|checksum/i.test(reason))
    return bad(`what was sent changed on its way (${reason})`);
  if (code === CODE.invalidArgument && task.verb === 'decrypt with') {
    return { code: 'kek-mismatch', reason, transient: false };
  }
  return { code: 'kms-refused', reason, transient: false };
}

function notReady({ cause }: NotReady): KmsFault {
  if (isNetworkError(cause)) return unavailable(messageOf(cause), true);
  return { code: 'kms-refused', reason: `no credentials: ${clip(messageOf(cause))}`, transient: false };
}

function unavailable(reason: string, transient: boolean): KmsFault {
  return { code: 'kms-unavailable', reason: clip(reason), transient };
}

function bad(reason: string): KmsFault {
  return { code: 'kms-bad-answer', reason, transient: false };
}
