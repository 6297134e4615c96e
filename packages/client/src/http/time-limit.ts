import { ClientError } from '../client-error.ts';

/** One operation under a time limit and, when there is one, the caller's signal. */
export interface TimeLimit {
  /** Fires for either reason. */
  readonly signal: AbortSignal;
  /** The error that says why the operation ended, when it was for one of the two reasons. */
  reason(cause: unknown): ClientError | undefined;
  /** MUST be called when the operation is over: it stops the timer and lets go of the caller's signal. */
  end(): void;
}

/**
 * Starts the clock.
 * @param what names the operation in messages
 */
export function timeLimit(what: string, timeoutMs: number, outer: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, timeoutMs);
  const onAbort = (): void => controller.abort();
  if (outer?.aborted === true) controller.abort();
  else outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    reason(cause) {
      if (outer?.aborted === true) return new ClientError('aborted', `${what} was given up`, { cause });
      if (isLate) return new ClientError('timeout', `${what} did not answer within ${timeoutMs} ms`, { cause });
      return undefined;
    },
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
    },
  };
}
