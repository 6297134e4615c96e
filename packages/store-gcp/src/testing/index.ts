export { type GcsRequest, gcsRequestOf } from './gcs-operation.ts';
export {
  findGcsServer,
  type GcsServer,
  type GcsServerOptions,
  NO_GCS_SERVER,
  skipsWithoutGcsServer,
  startGcsServer,
} from './gcs-server.ts';
export { type GrpcFault, GrpcProxy, type GrpcTrouble } from './grpc-proxy.ts';
export {
  faultsOn,
  type GcsFault,
  type GcsFaults,
  type GcsProxy,
  type GcsProxyOptions,
  startGcsProxy,
} from './http-proxy.ts';
export { hurriedClock } from './hurried-clock.ts';
export { makeEmptyDatabase } from './make-empty-database.ts';
export {
  findSpannerEmulator,
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  type SpannerEmulatorOptions,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from './spanner-emulator.ts';
export { type DevServices, type DevServicesOptions, startDevServices } from './start-dev-services.ts';
