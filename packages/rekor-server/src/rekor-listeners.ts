import { ByteBudget } from './byte-budget.ts';
import { GrpcListener } from './grpc/grpc-listener.ts';
import { healthMethods } from './grpc/health-methods.ts';
import { reflectionMethods } from './grpc/reflection/reflection-methods.ts';
import { rekorMethods } from './grpc/rekor-methods.ts';
import { createApp, READ_PREFIXES, REKOR_PATH } from './http/app.ts';
import { HttpListener } from './http/http-listener.ts';
import { OtherRoutes } from './http/other-routes.ts';
import { ReadRoute } from './http/read-route.ts';
import { BodyRoute } from './http/write/body-route.ts';
import { CreateEntryWork } from './http/write/create-entry-work.ts';
import { CertificateFiles, type CertificatePaths } from './listen/certificate-files.ts';
import type { ServedListener } from './listen/serve-listeners.ts';
import { createCallLog } from './logging/call-log.ts';
import type { ServerLog } from './logging/server-log.ts';
import { panicCounter } from './metrics/panic-counter.ts';
import type { ServerMetrics } from './metrics/server-metrics.ts';
import { cachedTiles } from './reading/cached-tiles.ts';
import type { ReadPath } from './reading/read-path.ts';
import type { LogFacts, Readiness } from './reading/server-facts.ts';
import { certificatePathsOf, type RekorServerOptions } from './server-options.ts';
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

/**
 * The listeners of the Rekor API, not yet started. `deps.readiness` is asked whenever a client does.
 * @throws ServerError 'bad-options', 'bad-certificate'
 */
export async function openRekorListeners(
  options: RekorServerOptions,
  deps: RekorServerDeps,
): Promise<Record<'grpc' | 'http', ServedListener>> {
  const certificates = await openCertificates(options, deps.serverLog);
  const readiness = (): string | undefined => deps.readiness() ?? deps.preparer.unready;
  const { log, preparer, metrics, serverLog, facts, nowMs } = deps;
  const readPath = cachedTiles(deps.readPath, options.maxCachedBytes);
  const { timeoutMs, maxRequestBytes, maxConnections, claimedSockets, onDuplicate, build } = options;
  const service = new EntryService({ log, preparer, onDuplicate, metrics, serverLog });
  const budget = new ByteBudget(options.maxBufferedBytes);
  const callLog = createCallLog(serverLog, options.callLog);
  const onPanic = panicCounter(metrics, serverLog);
  const work = new CreateEntryWork({ service, entries: new EntryJson(facts.logId), metrics, nowMs, callLog });
  const app = createApp({ readPath, facts, build, readiness, onPanic });
  const methods = new Map([
    ...rekorMethods({ service, logId: facts.logId, metrics, nowMs, callLog, onPanic }),
    ...healthMethods(readiness, metrics.grpc, nowMs),
    ...reflectionMethods(metrics.grpc.calls, nowMs),
  ]);
  const http = new HttpListener({
    address: options.http,
    claimedSockets,
    certificate: certificates.http,
    writes: new BodyRoute({ work, metrics, maxBodyBytes: maxRequestBytes, budget, timeoutMs, nowMs, onPanic }),
    reads: new ReadRoute({ readPath, prefixes: READ_PREFIXES, metrics: metrics.http, nowMs, onPanic }),
    knownPath: REKOR_PATH,
    others: new OtherRoutes({ app, metrics: metrics.http, onPanic, nowMs }),
    timeoutMs,
    maxConnections,
    nowMs,
    onPanic,
  });
  const grpc = new GrpcListener({
    address: options.grpc,
    claimedSockets,
    certificate: certificates.grpc,
    methods,
    maxMessageBytes: maxRequestBytes,
    budget,
    timeoutMs,
    maxConnections,
    onPanic,
  });
  return {
    grpc: { label: 'gRPC', host: options.grpc.host, listener: grpc, certificate: certificates.grpc },
    http: { label: 'HTTP', host: options.http.host, listener: http, certificate: certificates.http },
  };
}
