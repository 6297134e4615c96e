import { setTimeout as sleep } from 'node:timers/promises';
import { EntryMaker, entryJson } from '../requests/entry-request.ts';
import type { RequestPool } from '../requests/pool.ts';
import type { LogPlace } from '../server/commands.ts';
import type { ServerCommand } from '../server/server-process.ts';
import type { RunFigures, RunLength } from './run-figures.ts';
import { openWindow, usageFigures } from './usage/usage-window.ts';
import { countFailures, withServer } from './with-server.ts';
import { failureKinds, runWrk } from './wrk.ts';

const ASKED_TO_COME_BACK = ['429', '503'];

/** Starts a Rekor server on a fresh log, warms it up, loads it by wrk, stops it. No request is sent twice to one log. */
export function runOnce(
  command: ServerCommand,
  place: LogPlace,
  pool: RequestPool,
  writers: number,
  length: RunLength,
): Promise<RunFigures> {
  return withServer(command, place, length, async ({ pid, disk }) => {
    const load = { port: place.ports.http, writers, requests: pool.path };
    const warm = await runWrk({ ...load, seconds: length.warmUpSeconds, skip: 0 });
    await settle(place.ports.http, length.settleMs ?? SETTLE_MS);
    const window = await openWindow(pid);
    const wrk = await runWrk({ ...load, seconds: length.measuredSeconds, skip: warm.used });
    const usage = await window.close();
    if (wrk.exhausted > 0) throw new Error(`the ${pool.size} prepared requests ran out: raise the number for this row`);
    const accepted = wrk.statuses['201'] ?? 0;
    const kinds = failureKinds(wrk);
    const latency = (ms: number): number | null => (accepted === 0 ? null : ms);
    return {
      rate: accepted === 0 ? 0 : accepted / wrk.activeSeconds,
      p50: latency(wrk.p50),
      p95: latency(wrk.p95),
      p99: latency(wrk.p99),
      ...usageFigures(usage, accepted),
      failures: countFailures(kinds),
      failureKinds: kinds,
      pushedBack: ASKED_TO_COME_BACK.reduce((sum, status) => sum + (kinds[status] ?? 0), 0),
      disk,
    };
  });
}

const SETTLE_MS = 2_500;
/** A server that publishes every ten seconds answers the first try after that. */
const PATIENCE_MS = 45_000;

/**
 * wrk drops its connections with requests under way, and each makes rekor-server-posix v2.3.0 fail every request
 * until its next poll but one (a second apart): waits for that, then submits until one is accepted.
 */
async function settle(port: number, pauseMs: number): Promise<void> {
  const maker = new EntryMaker(new Date());
  await sleep(pauseMs);
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(250)) {
    const body = entryJson(maker.make(false));
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/log/entries`, { method: 'POST', body });
    await response.arrayBuffer();
    if (response.status === 201) return;
    if (performance.now() > deadline) throw new Error(`the server still answers ${response.status} after its warm-up`);
  }
}
