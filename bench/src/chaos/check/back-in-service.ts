import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosLog, Loaded } from '../chaos-log.ts';
import { creations } from '../load/answers.ts';

/** A full disk is looked at every two seconds; the rest is for a busy machine. */
export const BACK_LIMIT_MS = 20_000;
const LOOK_MS = 25;

/**
 * Waits until a server under load is ready and has made a new entry; a finding when it takes too long.
 * Returns the milliseconds.
 */
export async function untilBack(log: ChaosLog, { server, traffic }: Loaded): Promise<number> {
  const started = performance.now();
  const before = creations(log.tally);
  const passed = (): number => performance.now() - started;
  let isReady = false;
  while (!log.isBroken && passed() < BACK_LIMIT_MS) {
    isReady ||= await answersReady(traffic.ports.http);
    if (isReady && creations(log.tally) > before) return Math.round(passed());
    // A server that ended will never be back.
    if ((await Promise.race([sleep(LOOK_MS), server.ended])) !== undefined) break;
  }
  if (!log.isBroken) {
    const what = isReady ? 'ready, and makes no entry' : 'not ready';
    log.ledger.violate(`${Math.round(passed())} ms after a fault the server is ${what}:\n${server.output()}`);
  }
  return Math.round(passed());
}

async function answersReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(2_000),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
