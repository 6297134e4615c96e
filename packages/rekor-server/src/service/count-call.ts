import { finishCall, receiveMessage } from '../metrics/grpc-metrics.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import { STATUS } from '../status.ts';
import type { CreatedEntry } from './create-entry.ts';
import type { ServiceError } from './service-error.ts';

/**
 * Counts a decided `CreateEntry` among the gRPC calls, whatever transport brought it: in rekor-tiles the HTTP gateway dials
 * gRPC. A request that could not be read never gets that far there.
 */
export function countCreateEntry(
  metrics: ServerMetrics,
  outcome: CreatedEntry | ServiceError,
  requestBytes: number,
  seconds: number,
): void {
  if (!outcome.ok && outcome.reason === 'malformed-request') return;
  const call = metrics.grpc.createEntry;
  call.started.value += 1;
  receiveMessage(call, requestBytes);
  finishCall(call, outcome.ok ? 0 : STATUS[outcome.code].grpc, seconds, 1);
}
