import { setTimeout as sleep } from 'node:timers/promises';
import { SignerError } from '../../signer-error.ts';
import type { KmsOptions } from '../kms-options.ts';
import { clip, type KmsFault, type KmsTask, kmsError } from './kms-fault.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** Thrown in place of an answer that did not come in time. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * The one place where a service is called. Each try has `timeoutMs`, whatever the SDK does in it, looking for credentials
 * included; a try that failed for a passing reason is followed by another after a pause that doubles from 100 ms to at
 * most 1 s, half of it random. The whole ends within (`retries` + 1) * `timeoutMs` and the pauses.
 *
 * @param attempt makes one call, and checks the answer: a `SignerError` of it is final
 * @param faultOf says what the other errors of `attempt` mean
 * @throws SignerError `kms-unavailable`, `kms-refused`, `kms-bad-answer`, `kek-mismatch`; the reason of `options.signal`
 */
export async function callKms<T>(
  task: KmsTask,
  options: KmsOptions,
  attempt: (signal: AbortSignal) => Promise<T>,
  faultOf: (cause: unknown, task: KmsTask) => KmsFault,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    options.signal?.throwIfAborted();
    try {
      return await withinTime(attempt, options);
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (cause instanceof SignerError) throw cause;
      const fault = cause instanceof NoAnswer ? lateFault(options) : faultOf(cause, task);
      if (!fault.transient || tries > options.retries) throw kmsError(task, fault, tries, cause);
      await pause(tries, options.signal);
    }
  }
}

/** The error of a call on a connection that was closed. */
export function closedError({ service, verb, key }: KmsTask): SignerError {
  return new SignerError(
    'kms-unavailable',
    `${service} is not asked to ${verb} ${clip(key)}: the connection was closed`,
  );
}

async function withinTime<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal }: KmsOptions,
): Promise<T> {
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswer()), timeoutMs);
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([attempt(controller.signal), ended]);
  } catch (cause) {
    // Only what failed is aborted: an SDK may drop a connection that could serve the next call.
    controller.abort();
    throw cause;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function lateFault({ timeoutMs }: KmsOptions): KmsFault {
  return { code: 'kms-unavailable', reason: `no answer within ${timeoutMs} ms`, transient: true };
}

async function pause(tries: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  try {
    await sleep(longest * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
  } catch {
    signal?.throwIfAborted();
  }
}
