import { MAX_ENTRY_SIZE } from '@tilewright/core/tiles';
import { ByteBudget } from '../byte-budget.ts';
import { HttpListener } from '../http/http-listener.ts';
import { OtherRoutes } from '../http/other-routes.ts';
import { BodyRoute } from '../http/write/body-route.ts';
import { CertificateFiles } from '../listen/certificate-files.ts';
import { type RunningServer, serveListeners } from '../listen/serve-listeners.ts';
import { MetricsListener } from '../metrics/metrics-listener.ts';
import { panicCounter } from '../metrics/panic-counter.ts';
import { certificatePathsOf, checkOptions, type RekorServerOptions } from '../server-options.ts';
import type { RekorServerDeps } from '../start-rekor-server.ts';
import { AddWork, type RawLog } from './add-work.ts';
import { createRawApp, RAW_PATH } from './raw-app.ts';

/** How a server of raw entries runs. */
export type RawServerOptions = Omit<RekorServerOptions, 'grpc' | 'maxRequestBytes' | 'onDuplicate' | 'callLog'>;

/** What the app hands over; it owns and closes all of it. */
export interface RawServerDeps extends Omit<RekorServerDeps, 'log' | 'preparer'> {
  /** An open log; `undefined` serves read-only. */
  readonly log: RawLog | undefined;
}

/**
 * Starts a server whose entries are whatever bytes are posted to `/add`, with the tiles and the checkpoint at the root of
 * its URL: the listeners for HTTP and metrics. Throws `ServerError`; nothing listens then.
 */
export async function startRawServer(
  options: RawServerOptions,
  deps: RawServerDeps,
): Promise<RunningServer<'http' | 'metrics'>> {
  checkOptions(options);
  const { metrics, serverLog, readPath, facts, nowMs, log } = deps;
  const { timeoutMs, maxConnections, build } = options;
  const paths = certificatePathsOf('HTTP', options.http);
  const certificate = paths && (await CertificateFiles.open(paths, serverLog, options.certificatePollMs));
  let isClosing = false;
  const readiness = (): string | undefined => (isClosing ? 'shutting down' : deps.readiness());
  const onPanic = panicCounter(metrics, serverLog);
  const writes = new BodyRoute({
    work: new AddWork({ log, serverLog }),
    metrics,
    maxBodyBytes: MAX_ENTRY_SIZE,
    budget: new ByteBudget(options.maxBufferedBytes),
    timeoutMs,
    nowMs,
    onPanic,
  });
  const app = createRawApp({ readPath, facts, build, readiness, onPanic });
  const http = new HttpListener({
    address: options.http,
    certificate,
    writes,
    knownPath: RAW_PATH,
    others: new OtherRoutes({ app, metrics: metrics.http, onPanic, nowMs }),
    timeoutMs,
    maxConnections,
    onPanic,
  });
  const metricsListener = new MetricsListener(options.metrics, metrics.registry, timeoutMs);
  const listeners = {
    http: { label: 'HTTP', host: options.http.host, listener: http, certificate },
    metrics: { label: 'metrics', host: options.metrics.host, listener: metricsListener },
  };
  return serveListeners(listeners, serverLog, () => {
    isClosing = true;
  });
}
