import type { LogErrorCode } from '@tilewright/log';
import type { ServiceError, ServiceErrorCode } from './service/service-error.ts';

/** How one failure looks from outside. */
export interface Status {
  /** HTTP status. */
  readonly http: number;
  /** gRPC status code. */
  readonly grpc: number;
  /** The message, where the failure has no better one of its own. */
  readonly message: string;
  /** HTTP body in place of the JSON error: rekor-tiles answers a frozen log in plain text. */
  readonly plainText?: string;
  /** Milliseconds after which a retry makes sense: an entry that is in the log after all is then a duplicate. */
  readonly retryAfterMs?: number;
}

/** Every failure of the service, over both transports. A missing row does not compile. */
export const STATUS: Readonly<Record<ServiceErrorCode, Status>> = {
  'invalid-request': { http: 400, grpc: 3, message: 'invalid request' },
  'undecodable-message': { http: 500, grpc: 13, message: 'grpc: error unmarshalling request' },
  frozen: {
    http: 405,
    grpc: 12,
    message: 'log frozen',
    plainText: 'This log has been frozen, please switch to the latest log.',
  },
  duplicate: { http: 409, grpc: 6, message: 'an equivalent entry already exists in the transparency log' },
  overloaded: { http: 503, grpc: 14, message: 'reached max pushback; retry', retryAfterMs: 1000 },
  'storage-full': { http: 503, grpc: 14, message: 'no space left to store entries; retry later', retryAfterMs: 10_000 },
  closing: { http: 503, grpc: 14, message: 'the log is shutting down; retry', retryAfterMs: 1000 },
  'entry-too-large': { http: 500, grpc: 2, message: 'failed to integrate entry' },
  canceled: { http: 499, grpc: 1, message: 'context canceled' },
  'deadline-exceeded': { http: 504, grpc: 4, message: 'context deadline exceeded' },
  'outcome-unknown': { http: 503, grpc: 14, message: 'the entry may be in the log; retry', retryAfterMs: 1000 },
  'not-integrated': { http: 500, grpc: 2, message: 'failed to integrate entry' },
  internal: { http: 500, grpc: 13, message: 'internal server error' },
};

/** What a failure of the engine is to a client. 'aborted' is told apart by the signal's reason before this table is asked. */
export const FROM_LOG_ERROR: Readonly<Record<LogErrorCode, ServiceErrorCode>> = {
  pushback: 'overloaded',
  'storage-full': 'storage-full',
  frozen: 'frozen',
  closing: 'closing',
  'entry-too-large': 'entry-too-large',
  aborted: 'canceled',
  'outcome-unknown': 'outcome-unknown',
  'storage-failed': 'outcome-unknown',
  'object-conflict': 'not-integrated',
  fork: 'not-integrated',
  corrupt: 'not-integrated',
  'half-log': 'not-integrated',
  'identity-mismatch': 'not-integrated',
  'format-newer': 'not-integrated',
  locked: 'not-integrated',
  'signer-failed': 'outcome-unknown',
  'proof-failed': 'not-integrated',
  'not-found': 'not-integrated',
};

/** A failure with the message and the retry of its row in the table. `retryAfterMs` counts only where the row has one. */
export function failure(code: ServiceErrorCode, retryAfterMs?: number): ServiceError {
  const status = STATUS[code];
  const retry = status.retryAfterMs === undefined ? undefined : (retryAfterMs ?? status.retryAfterMs);
  return { ok: false, code, message: status.message, retryAfterMs: retry };
}
