import { type RunningServer, serveListeners } from './listen/serve-listeners.ts';
import { MetricsListener } from './metrics/metrics-listener.ts';
import { openRekorListeners, type RekorServerDeps } from './rekor-listeners.ts';
import { checkOptions, type RekorServerOptions } from './server-options.ts';

/** Starts the three listeners of a Rekor log on this thread. Throws `ServerError`; nothing listens then. */
export async function startRekorServer(options: RekorServerOptions, deps: RekorServerDeps): Promise<RunningServer> {
  checkOptions(options);
  let isClosing = false;
  const readiness = (): string | undefined => (isClosing ? 'shutting down' : deps.readiness());
  const { grpc, http } = await openRekorListeners(options, { ...deps, readiness });
  const listener = new MetricsListener(options.metrics, () => deps.metrics.registry.text(), options.timeoutMs);
  const metrics = { label: 'metrics', host: options.metrics.host, listener };
  return serveListeners({ grpc, http, metrics }, deps.serverLog, () => {
    isClosing = true;
  });
}
