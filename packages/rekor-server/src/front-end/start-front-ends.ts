import type { EntryRules } from '@tilewright/rekor-entry';
import type { RunningServer } from '../listen/serve-listeners.ts';
import { claimPort, SOCKETS } from '../listen/shared-port.ts';
import type { ServerLog } from '../logging/server-log.ts';
import { MetricsListener } from '../metrics/metrics-listener.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import type { RawLog } from '../raw/add-work.ts';
import type { ReadPathPlace } from '../reading/read-path.ts';
import type { RekorServerDeps } from '../rekor-listeners.ts';
import { checkOptions, type RekorServerOptions } from '../server-options.ts';
import type { EntryLog } from '../service/create-entry.ts';
import { tellBackend } from '../verify/ecdsa/told-backend.ts';
import { PublicationNumbers } from './boundary/receipts.ts';
import { FrontEndPool } from './front-end-pool.ts';
import { type FrontEndPersonality, partOf, plainFacts } from './front-end-setup.ts';
import type { FrontEndThreadOptions } from './front-end-thread.ts';

/** How many threads serve clients, and what they serve. */
export interface FrontEndPlan {
  /** 2 or more; the platform MUST share ports. */
  readonly threads: number;
  /** Rules for the entries of a Rekor log; without them the log takes raw entries. */
  readonly rules: EntryRules | undefined;
  /** Where each thread reads the log's public tree. */
  readonly reading: ReadPathPlace;
  /** Requests that may wait to be checked, on all threads together. */
  readonly maxQueuedRequests: number;
  /** Between signs of life of a thread, milliseconds: one that misses thirty is replaced. Default 1000. */
  readonly beatMs?: number | undefined;
  /** The worker's file, in tests. */
  readonly workerFile?: URL | undefined;
}

/** What the app hands over; it owns and closes all of it. */
export type FrontEndDeps = Omit<RekorServerDeps, 'log' | 'preparer' | 'readPath' | 'nowMs'> & {
  /** An open log; `undefined` serves read-only. */
  readonly log: (EntryLog & RawLog) | undefined;
};

/**
 * Serves a log from several threads that share its ports, each of which parses, checks and encodes; this thread keeps the
 * engine and the metrics. Throws `ServerError`; nothing listens then.
 */
export async function startFrontEnds(
  options: RekorServerOptions,
  deps: FrontEndDeps,
  plan: FrontEndPlan,
): Promise<RunningServer<'http' | 'grpc' | 'metrics'>> {
  // A raw log has no gRPC: what is said about it is not looked at.
  checkOptions(plan.rules === undefined ? { ...options, grpc: undefined } : options);
  const { log, facts, metrics, serverLog, readiness } = deps;
  const personality: FrontEndPersonality =
    plan.rules === undefined ? { name: 'raw' } : { name: 'rekor', rules: plan.rules };
  const ports = await claimPorts(options, personality.name);
  const claimed = {
    ...options,
    http: { ...options.http, port: ports.http },
    grpc: { ...options.grpc, port: ports.grpc },
  };
  const pool = await FrontEndPool.open({
    threads: plan.threads,
    setup: {
      personality,
      options: partOf(claimed, plan.threads, SOCKETS),
      facts: plainFacts(facts),
      readOnly: log === undefined,
      reading: plan.reading,
      beatMs: plan.beatMs ?? 1000,
      maxQueuedRequests: Math.ceil(plan.maxQueuedRequests / plan.threads),
    },
    log,
    numbers: new PublicationNumbers(),
    serverLog,
    readiness,
    workerFile: plan.workerFile,
    listening: tellBackendOnce(metrics, serverLog),
    onRestart: (error) => {
      metrics.frontEndRestarts.value += 1;
      serverLog.error('a thread that serves clients died and is replaced', { reason: error.message });
    },
  });
  const scrape = async (): Promise<string> => metrics.registry.text(await pool.samples());
  const metricsListener = new MetricsListener(options.metrics, scrape, options.timeoutMs);
  try {
    const metricsPort = await metricsListener.start();
    const { threads } = plan;
    if (personality.name === 'rekor') {
      const { host, certFile } = options.grpc;
      serverLog.info('gRPC listening', { host, port: ports.grpc, tls: certFile !== undefined, threads });
    }
    const { host, certFile } = options.http;
    serverLog.info('HTTP listening', { host, port: ports.http, tls: certFile !== undefined, threads });
    serverLog.info('metrics listening', { host: options.metrics.host, port: metricsPort });
    const shutdown = async (graceMs: number): Promise<void> => {
      await pool.close(graceMs);
      await metricsListener.close();
    };
    return { ports: { ...ports, metrics: metricsPort }, shutdown };
  } catch (error) {
    await pool.close(0);
    throw error;
  }
}

/** Every thread chooses alike. */
function tellBackendOnce(metrics: ServerMetrics, serverLog: ServerLog): FrontEndThreadOptions['listening'] {
  let isTold = false;
  return (verifying) => {
    if (isTold || verifying === undefined) return;
    isTold = true;
    tellBackend(verifying, metrics, serverLog);
  };
}

/** Once and alone, so that a port that is taken is refused: threads that share it would come in beside whoever has it. */
async function claimPorts(
  { http, grpc }: RekorServerOptions,
  personality: FrontEndPersonality['name'],
): Promise<Record<'http' | 'grpc', number>> {
  const scheme = http.certFile === undefined ? 'HTTP' : 'HTTPS';
  if (personality === 'raw') return { http: await claimPort(scheme, http), grpc: 0 };
  const grpcPort = await claimPort('gRPC', grpc);
  return { grpc: grpcPort, http: await claimPort(scheme, http) };
}
