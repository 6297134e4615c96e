import { availableParallelism } from 'node:os';
import type { EntryRules } from '@tilewright/rekor-entry';
import { PreparePool, type ServerMetrics, tellBackend } from '@tilewright/rekor-server';
import type { LogLines } from '../diagnostics/log-lines.ts';
import type { ServeValues } from './config/settings.ts';

const MIB = 1024 * 1024;

/** Which entries are taken. */
export function entryRules(values: ServeValues): EntryRules {
  return { algorithms: values['client-signing-algorithms'], acceptDsse: values['accept-dsse'] };
}

/** Requests that may wait to be checked: those that the log would take, and as many that it would not. */
export function maxQueuedRequests(values: ServeValues): number {
  return 2 * values['pushback-max-outstanding'];
}

/** Starts the threads that decode, check and canonicalise entries, and says how they check signatures. */
export async function openPreparer(values: ServeValues, metrics: ServerMetrics, lines: LogLines): Promise<PreparePool> {
  const pool = await PreparePool.open({
    rules: entryRules(values),
    workers: values['verify-workers'] || Math.ceil(availableParallelism() / 2),
    maxQueuedRequests: maxQueuedRequests(values),
    maxQueuedBytes: 64 * MIB,
    nowMs: () => performance.now(),
    onRestart: (reason) => {
      metrics.workerRestarts.value += 1;
      lines.error('a verify worker died and is replaced', { reason });
    },
  });
  tellBackend(pool.backend, metrics, lines);
  return pool;
}
