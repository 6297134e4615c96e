import { fieldOf, isNetworkError, messageOf } from '../call/error-fields.ts';
import { clip, type KmsFault, type KmsTask } from '../call/kms-fault.ts';

/** Errors that pass, by name: throttling, and those whose description says that the request can be made again. */
const PASSING: ReadonlySet<unknown> = new Set([
  'DependencyTimeoutException',
  'InternalFailure',
  'KMSInternalException',
  'KeyUnavailableException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
]);

/** What an error of the SDK of AWS KMS means. */
export function awsFaultOf(cause: unknown, task: KmsTask): KmsFault {
  const name = fieldOf(cause, 'name');
  const status = statusOf(cause);
  const isFromService = fieldOf(cause, '$fault') !== undefined;
  const isPassing = PASSING.has(name) || isNetworkError(cause) || status === 429 || (status ?? 0) >= 500;
  if (isPassing) return unavailable(isFromService ? told(cause) : overNetwork(cause, status), true);
  if (name === 'CredentialsProviderError') {
    return { code: 'kms-refused', reason: `no credentials: ${clip(messageOf(cause))}`, transient: false };
  }
  if (isFromService) {
    const isMismatch = name === 'InvalidCiphertextException' || name === 'IncorrectKeyException';
    const code = isMismatch && task.verb === 'decrypt with' ? 'kek-mismatch' : 'kms-refused';
    return { code, reason: told(cause), transient: false };
  }
  // The SDK's own message of an answer that it cannot read quotes that answer.
  if (status !== undefined || cause instanceof SyntaxError) {
    return { code: 'kms-bad-answer', reason: 'it is not a message of this service', transient: false };
  }
  return unavailable(clip(messageOf(cause)), false);
}

function told(cause: unknown): string {
  return clip(`${fieldOf(cause, 'name')}: ${messageOf(cause)}`);
}

function overNetwork(cause: unknown, status: number | undefined): string {
  return status === undefined ? clip(messageOf(cause)) : `HTTP status ${status}`;
}

function statusOf(cause: unknown): number | undefined {
  const status =
    fieldOf(fieldOf(cause, '$metadata'), 'httpStatusCode') ?? fieldOf(fieldOf(cause, '$response'), 'statusCode');
  return typeof status === 'number' ? status : undefined;
}

function unavailable(reason: string, transient: boolean): KmsFault {
  return { code: 'kms-unavailable', reason, transient };
}
