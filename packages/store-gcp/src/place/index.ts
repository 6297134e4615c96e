export { GcpError, type GcpErrorCode } from '../gcp-error.ts';
export {
  type BucketPlace,
  parseBucketName,
  parsePrefix,
  parseStorageEmulatorHost,
  parseStorageEndpoint,
} from './bucket-place.ts';
export { checkTablePrefix, formatSpannerPath, parseHost, parseSpannerPath, type SpannerPlace } from './spanner-path.ts';
