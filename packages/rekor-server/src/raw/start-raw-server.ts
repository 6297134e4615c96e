import { MAX_ENTRY_SIZE } from '@tilewright/core/tiles';
import { ByteBudget } from '../byte-budget.ts';
import { HttpListener } from '../http/http-listener.ts';
import { OtherRoutes } from '../http/other-routes.ts';
import { ReadRoute } from '../http/read-route.ts';
import { BodyRoute } from '../http/write/body-route.ts';
import { CertificateFiles } from '../listen/certificate-files.ts';
import { type RunningServer, type ServedListener, serveListeners } from '../listen/serve-listeners.ts';
import { MetricsListener } from '../metrics/metrics-listener.ts';
import { panicCounter } from '../metrics/panic-counter.ts';
import { cachedTiles } from '../reading/cached-tiles.ts';
import type { RekorServerDeps } from '../rekor-listeners.ts';
import { certificatePathsOf, checkOptions, type RekorServerOptions } from '../server-options.ts';
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
 * The listener of raw entries, not yet started. `deps.readiness` is asked whenever a client does.
 * @throws ServerError 'bad-options', 'bad-certificate'
 */
export async function openRawListeners(
  options: RawServerOptions,
  deps: RawServerDeps,
): Promise<Record<'http', ServedListener>> {
  const { metrics, serverLog, readiness, facts, nowMs, log } = deps;
  const readPath = cachedTiles(deps.readPath, options.maxCachedBytes);
  const { timeoutMs, maxConnections, build } = options;
  const paths = certificatePathsOf('HTTP', options.http);
  const certificate = paths && (await CertificateFiles.open(paths, serverLog, options.certificatePollMs));
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
    claimedSockets: options.claimedSockets,
    certificate,
    writes,
    reads: new ReadRoute({ readPath, prefixes: ['/'], metrics: metrics.http, nowMs, onPanic }),
    knownPath: RAW_PATH,
    others: new OtherRoutes({ app, metrics: metrics.http, onPanic, nowMs }),
    timeoutMs,
    maxConnections,
    nowMs,
    onPanic,
  });
  return { http: { label: 'HTTP', host: options.http.host, listener: http, certificate } };
}

/**
 * Starts a server whose entries are whatever bytes are posted to `/add`, with the tiles and the checkpoint at the root of
 * its URL: the listeners for HTTP and metrics, on this thread. Throws `ServerError`; nothing listens then.
 */
export async function startRawServer(
  options: RawServerOptions,
  deps: RawServerDeps,
): Promise<RunningServer<'http' | 'metrics'>> {
  checkOptions({ ...options, grpc: undefined });
  let isClosing = false;
  const readiness = (): string | undefined => (isClosing ? 'shutting down' : deps.readiness());
  const { http } = await openRawListeners(options, { ...deps, readiness });
  const listener = new MetricsListener(options.metrics, () => deps.metrics.registry.text(), options.timeoutMs);
  const metrics = { label: 'metrics', host: options.metrics.host, listener };
  return serveListeners({ http, metrics }, deps.serverLog, () => {
    isClosing = true;
  });
}
