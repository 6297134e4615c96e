export {
  findGcsServer,
  type GcsServer,
  type GcsServerOptions,
  NO_GCS_SERVER,
  skipsWithoutGcsServer,
  startGcsServer,
} from './gcs-server.ts';
