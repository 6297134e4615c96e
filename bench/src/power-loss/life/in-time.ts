import { setTimeout as sleep } from 'node:timers/promises';

/** The result of `work`, or an error that says `what` hangs when it takes longer than `ms`. */
export async function inTime<T>(work: Promise<T>, what: string, ms: number): Promise<T> {
  const stop = new AbortController();
  const late = sleep(ms, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what} hangs`);
  });
  // When it is called off, and when nobody waits for it any more.
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
