import { ByteBudget } from './byte-budget.ts';
import { GrpcListener } from './grpc/grpc-listener.ts';
import { healthMethods } from './grpc/health-methods.ts';
import { reflectionMethods } from './grpc/reflection/reflection-methods.ts';
import { rekorMethods } from './grpc/rekor-methods.ts';
import { createApp } from './http/app.ts';
import { HttpListener } from './http/http-listener.ts';
import { OtherRoutes } from './http/other-routes.ts';
import { WriteRoute } from './http/write/write-route.ts';
import { CertificateFiles, type CertificatePaths } from './listen/certificate-files.ts';
import { createCallLog } from './logging/call-log.ts';
import type { ServerLog } from './logging/server-log.ts';
import { MetricsListener } from './metrics/metrics-listener.ts';
import type { ServerMetrics } from './metrics/server-metrics.ts';
import type { ReadPath } from './reading/read-path.ts';
import type { LogFacts, Readiness } from './reading/server-facts.ts';
import { certificatePathsOf, checkOptions, type RekorServerOptions } from './server-options.ts';
import { type EntryLog, EntryService } from './service/create-entry.ts';
import { EntryJson } from './service/entry-json.ts';
import type { EntryPreparer } from './service/entry-preparer.ts';

/** What the app hands over; it owns and closes all of it. */
export interface RekorServerDeps {
  /** An open log; `undefined` serves read-only: writes are answered as by a frozen log. */
  readonly log: EntryLog | undefined;
  readonly readPath: ReadPath;
  readonly facts: LogFacts;
  readonly preparer: EntryPreparer;
  readonly metrics: ServerMetrics;
  readonly serverLog: ServerLog;
  /** Why the log is not ready, or nothing. */
  readonly readiness: Readiness;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** A server that listens. */
export interface RunningServer {
  readonly ports: { readonly http: number; readonly grpc: number; readonly metrics: number };
  /**
   * Turns unready, stops accepting, lets requests under way be answered for up to `graceMs`, then closes what is left.
   * The app closes the log afterwards, and the preparer.
   */
  shutdown(graceMs: number): Promise<void>;
}

interface Listeners {
  readonly http: HttpListener;
  readonly grpc: GrpcListener;
  readonly metrics: MetricsListener;
}

interface Certificates {
  readonly http: CertificateFiles | undefined;
  readonly grpc: CertificateFiles | undefined;
}

async function openCertificates(options: RekorServerOptions, log: ServerLog): Promise<Certificates> {
  const open = (paths: CertificatePaths | undefined) =>
    paths && CertificateFiles.open(paths, log, options.certificatePollMs);
  const http = await open(certificatePathsOf('HTTP', options.http));
  try {
    return { http, grpc: await open(certificatePathsOf('gRPC', options.grpc)) };
  } catch (error) {
    http?.close();
    throw error;
  }
}

function createListeners(
  options: RekorServerOptions,
  deps: RekorServerDeps,
  certificates: Certificates,
  readiness: Readiness,
): Listeners {
  const { log, preparer, metrics, serverLog, facts, readPath, nowMs } = deps;
  const { timeoutMs, maxRequestBytes, maxConnections, onDuplicate, build } = options;
  const service = new EntryService({ log, preparer, onDuplicate, metrics, serverLog });
  const budget = new ByteBudget(options.maxBufferedBytes);
  const callLog = createCallLog(serverLog, options.callLog);
  const onPanic = (error: unknown): void => {
    metrics.grpc.panics.value += 1;
    serverLog.error('unexpected failure', { error: error instanceof Error ? error.stack : String(error) });
  };
  const writes = new WriteRoute({
    service,
    entries: new EntryJson(facts.logId),
    metrics,
    maxBodyBytes: maxRequestBytes,
    budget,
    timeoutMs,
    nowMs,
    callLog,
    onPanic,
  });
  const app = createApp({ readPath, facts, build, readiness, onPanic });
  const methods = new Map([
    ...rekorMethods({ service, logId: facts.logId, metrics, nowMs, callLog, onPanic }),
    ...healthMethods(readiness, metrics.grpc, nowMs),
    ...reflectionMethods(metrics.grpc.calls, nowMs),
  ]);
  return {
    http: new HttpListener({
      address: options.http,
      certificate: certificates.http,
      writes,
      others: new OtherRoutes({ app, metrics: metrics.http, onPanic, nowMs }),
      timeoutMs,
      maxConnections,
      onPanic,
    }),
    grpc: new GrpcListener({
      address: options.grpc,
      certificate: certificates.grpc,
      methods,
      maxMessageBytes: maxRequestBytes,
      budget,
      timeoutMs,
      maxConnections,
      onPanic,
    }),
    metrics: new MetricsListener(options.metrics, metrics.registry, timeoutMs),
  };
}

/** Starts the three listeners. Throws `ServerError`; nothing listens then. */
export async function startRekorServer(options: RekorServerOptions, deps: RekorServerDeps): Promise<RunningServer> {
  checkOptions(options);
  const certificates = await openCertificates(options, deps.serverLog);
  let isClosing = false;
  const readiness = (): string | undefined =>
    isClosing ? 'shutting down' : (deps.readiness() ?? deps.preparer.unready);
  const listeners = createListeners(options, deps, certificates, readiness);

  async function close(graceMs: number): Promise<void> {
    isClosing = true;
    await Promise.all([listeners.http.close(graceMs), listeners.grpc.close(graceMs)]);
    await listeners.metrics.close();
    certificates.http?.close();
    certificates.grpc?.close();
  }

  try {
    const grpc = await listeners.grpc.start();
    deps.serverLog.info('gRPC listening', {
      host: options.grpc.host,
      port: grpc,
      tls: certificates.grpc !== undefined,
    });
    const http = await listeners.http.start();
    deps.serverLog.info('HTTP listening', {
      host: options.http.host,
      port: http,
      tls: certificates.http !== undefined,
    });
    const metrics = await listeners.metrics.start();
    deps.serverLog.info('metrics listening', { host: options.metrics.host, port: metrics });
    return { ports: { http, grpc, metrics }, shutdown: close };
  } catch (error) {
    await close(0);
    throw error;
  }
}
