/** The status codes of gRPC that mean something here. */
export const STATUS = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Failures that pass by themselves, so that a call which may be made twice is made again. */
const PASSING: ReadonlySet<number> = new Set([
  STATUS.cancelled,
  STATUS.unknown,
  STATUS.deadlineExceeded,
  STATUS.resourceExhausted,
  STATUS.aborted,
  STATUS.internal,
  STATUS.unavailable,
]);

/** The gRPC status of a failure of the SDK, if it has one. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

/** What a failure says, without the entries that a message may quote. */
export function wordsOf(error: unknown): string {
  const text =
    error instanceof Error ? ('details' in error && String(error.details)) || error.message : 'an unknown error';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** The call was not carried out, or nobody knows; made again it may well succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnknownCommit || isSessionLost(error)) return true;
  const status = statusOf(error);
  return status !== undefined && PASSING.has(status);
}

/** The session is gone, and with it the transactions of it that were not committed. */
export function isSessionLost(error: unknown): boolean {
  return statusOf(error) === STATUS.notFound && /session not found/i.test(wordsOf(error));
}

/** Another transaction was in the way, or this one was left alone for too long: it wrote nothing, and may be begun again. */
export function isTransactionLost(error: unknown): boolean {
  const status = statusOf(error);
  if (status === STATUS.notFound) return /transaction not found/i.test(wordsOf(error));
  if (status === STATUS.failedPrecondition) return /invalidated by a later transaction/i.test(wordsOf(error));
  return status === STATUS.aborted;
}

/** Whether a commit may have taken effect although it failed so: true unless the status says that it cannot have. */
export function mayHaveCommitted(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || (status !== STATUS.aborted && PASSING.has(status));
}

/** Nobody knows whether the commit took effect. `cause` is what the client was told. */
export class UnknownCommit extends Error {
  override readonly name = 'UnknownCommit';
}
