import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from '../client-error.ts';
import type { TrustedLog } from '../entry/trusted-log.ts';
import type { SubmitResult } from './submit-result.ts';

/** How a submission is made. */
export interface SubmitOptions {
  /** The log that must answer. */
  readonly log: TrustedLog;
  /** For each attempt, in milliseconds; 30 s when absent. */
  readonly timeoutMs?: number | undefined;
  /** How often a busy log is asked again; 3 when absent. Nothing else is retried. */
  readonly busyRetries?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Waits between attempts; the platform's timer when absent. */
  readonly sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<unknown>) | undefined;
}

/** Time limit of one attempt, as long as sigstore-go's. */
export const DEFAULT_SUBMIT_TIMEOUT_MS = 30_000;

const DEFAULT_BUSY_RETRIES = 3;
const DEFAULT_WAIT_MS = 1000;
const MAX_WAIT_MS = 10_000;

/**
 * Makes attempts until one is not answered with `busy`, or there were enough. Waits as long as the log asks, between
 * 1 ms and 10 s, and 1 s when it does not say.
 * @throws ClientError `aborted`, or what `attempt` throws
 */
export async function retryWhileBusy(
  options: SubmitOptions,
  attempt: () => Promise<SubmitResult>,
): Promise<SubmitResult> {
  const {
    busyRetries = DEFAULT_BUSY_RETRIES,
    signal,
    sleep = (ms, abort) => delay(ms, undefined, { signal: abort }),
  } = options;
  for (let left = busyRetries; ; left--) {
    const result = await attempt();
    if (result.kind !== 'busy' || left <= 0) return result;
    try {
      await sleep(Math.min(Math.max(result.retryAfterMs ?? DEFAULT_WAIT_MS, 1), MAX_WAIT_MS), signal);
    } catch (cause) {
      throw new ClientError('aborted', 'the submission was given up while the log was busy', { cause });
    }
  }
}
