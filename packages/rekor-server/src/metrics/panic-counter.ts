import type { ServerLog } from '../logging/server-log.ts';
import type { ServerMetrics } from './server-metrics.ts';

/** Counts and tells exceptions that no answer foresees. */
export function panicCounter(metrics: ServerMetrics, serverLog: ServerLog): (error: unknown) => void {
  return (error) => {
    metrics.grpc.panics.value += 1;
    serverLog.error('unexpected failure', { error: error instanceof Error ? error.stack : String(error) });
  };
}
