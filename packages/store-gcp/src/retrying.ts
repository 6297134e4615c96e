import { LogError } from '@tilewright/log';
import type { Clock, Entropy } from '@tilewright/log/ports';

/** The first pause is about this long; each further one twice as long, up to {@link LONGEST_PAUSE_MS}. Milliseconds. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
const PATIENCE_MS = 120_000;

/** How calls are tried again: backoff with jitter from 50 ms to 5 s, for `patienceMs` in all, never after the signal fired. */
export interface Patience {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly signal: AbortSignal;
  /** Milliseconds from the first call after which a failure is final; 120,000 unless given. */
  readonly patienceMs?: number | undefined;
  /** A call is about to be tried for the `attempt`-th time, 2 or more, because of `error`: for events and tests. */
  readonly onRetry?: ((what: string, error: unknown, attempt: number) => void) | undefined;
}

/** Which failures pass, and what the others are to the engine. */
export interface RetryRules {
  isTransient(error: unknown): boolean;
  /** A `LogError`, 'storage-failed' unless something says it better. */
  asFailure(error: unknown): Error;
}

/**
 * Runs `call` until it succeeds or fails for good, and is the one place that decides so. `call` MUST be idempotent: a
 * failure does not say that nothing happened. It MUST end by itself: nothing here puts an end to a call under way.
 *
 * A `LogError` that `call` throws is passed on as it is. Any other failure is tried again while it is transient, the
 * signal has not fired and the patience lasts; then `asFailure` of it is thrown. Where the signal fired before the
 * first call, nothing is called and `asFailure` of the signal's reason is thrown.
 */
export async function retrying<T>(what: string, call: () => Promise<T>, how: Patience, rules: RetryRules): Promise<T> {
  const { clock, entropy, signal } = how;
  const end = clock.monotonicMs() + (how.patienceMs ?? PATIENCE_MS);
  if (signal.aborted) throw rules.asFailure(signal.reason);
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof LogError) throw error;
      const left = end - clock.monotonicMs();
      if (left <= 0 || signal.aborted || !rules.isTransient(error)) throw rules.asFailure(error);
      await clock.sleep(Math.min(pauseMs(attempt, entropy), left), signal);
      if (signal.aborted) throw rules.asFailure(error);
      how.onRetry?.(what, error, attempt + 1);
    }
  }
}

/** Between half of the step and all of it: replicas that failed together do not come back together. */
function pauseMs(attempt: number, entropy: Entropy): number {
  const step = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return step * (0.5 + entropy.unit() / 2);
}
