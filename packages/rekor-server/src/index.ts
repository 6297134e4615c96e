export { type FrontEndDeps, type FrontEndPlan, startFrontEnds } from './front-end/start-front-ends.ts';
export type { RunningServer } from './listen/serve-listeners.ts';
export { sharesPorts } from './listen/shared-port.ts';
export type { LogAttributes, ServerLog } from './logging/server-log.ts';
export { logEventMetrics } from './metrics/log-event-metrics.ts';
export { type BuildInfo, createServerMetrics, type ServerMetrics } from './metrics/server-metrics.ts';
export { type AskedWitness, witnessMetrics } from './metrics/witness-metrics.ts';
export type { RawLog } from './raw/add-work.ts';
export { type RawServerDeps, type RawServerOptions, startRawServer } from './raw/start-raw-server.ts';
export {
  type ReadPath,
  type ReadPathModule,
  type ReadPathPlace,
  readPathOfDirectory,
  readPathOfStores,
} from './reading/read-path.ts';
export type { LogFacts, Readiness } from './reading/server-facts.ts';
export type { RekorServerDeps } from './rekor-listeners.ts';
export { ServerError, type ServerErrorCode } from './server-error.ts';
export { type ApiListenerOptions, DEFAULT_LIMITS, type RekorServerOptions } from './server-options.ts';
export type { EntryLog } from './service/create-entry.ts';
export type { EntryPreparer } from './service/entry-preparer.ts';
export { startRekorServer } from './start-rekor-server.ts';
export { tellBackend } from './verify/ecdsa/told-backend.ts';
export { PreparePool, type PreparePoolOptions } from './worker/prepare-pool.ts';
