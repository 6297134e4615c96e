export {
  findGcsServer,
  type GcsServer,
  type GcsServerOptions,
  NO_GCS_SERVER,
  skipsWithoutGcsServer,
  startGcsServer,
} from './gcs-server.ts';
export {
  findSpannerEmulator,
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  type SpannerEmulatorOptions,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from './spanner-emulator.ts';
