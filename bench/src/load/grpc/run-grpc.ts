import { Worker } from 'node:worker_threads';
import type { RequestPool } from '../../requests/pool.ts';
import type { LogPlace } from '../../server/commands.ts';
import type { ServerCommand } from '../../server/server-process.ts';
import type { RunFigures, RunLength } from '../run-figures.ts';
import { openWindow, type UsageWindow, usageFigures } from '../usage/usage-window.ts';
import { countFailures, withServer } from '../with-server.ts';
import type { CallLoad, CallResult } from './call-load.ts';

/** Starts a Rekor server on a fresh log and loads its gRPC port. */
export function runGrpc(
  command: ServerCommand,
  place: LogPlace,
  pool: RequestPool,
  writers: number,
  length: RunLength,
): Promise<RunFigures> {
  return withServer(command, place, length, async ({ pid, disk }) => {
    const { warmUpSeconds, measuredSeconds } = length;
    const load = { port: place.ports.grpc, writers, warmUpSeconds, measuredSeconds, requests: pool.path };
    let window: Promise<UsageWindow> | undefined;
    const result = await runWorker({ ...load, count: pool.size }, () => {
      window = openWindow(pid);
    });
    const usage = await (await window)?.close();
    if (usage === undefined) throw new Error('the load never got beyond its warm-up');
    if (result.exhausted) throw new Error(`the ${pool.size} prepared requests ran out: raise the number for this row`);
    const { accepted, seconds, p50, p95, p99, failureKinds } = result;
    return {
      rate: accepted / seconds,
      p50,
      p95,
      p99,
      ...usageFigures(usage, accepted),
      failures: countFailures(failureKinds),
      failureKinds,
      pushedBack: 0,
      disk,
    };
  });
}

function runWorker(load: CallLoad, onMeasuring: () => void): Promise<CallResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./call-worker.ts', import.meta.url), { workerData: load });
    worker.on('message', (message: 'measuring' | CallResult) => {
      if (message === 'measuring') onMeasuring();
      else resolve(message);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the gRPC load ended early with ${code}`)));
  });
}
