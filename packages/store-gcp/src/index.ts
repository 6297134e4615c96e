export { GcpError, type GcpErrorCode } from './gcp-error.ts';
export { type BucketConnection, type BucketWorld, connectBucket } from './gcs/bucket-connection.ts';
export { gcsCheckpoints } from './gcs/gcs-checkpoints.ts';
export { gcsObjects } from './gcs/gcs-objects.ts';
export {
  type BilledOperations,
  billedOperations,
  type OperationCounts,
  operationsSince,
} from './gcs/operation-counts.ts';
export {
  type BucketPlace,
  parseBucketName,
  parsePrefix,
  parseStorageEmulatorHost,
  parseStorageEndpoint,
} from './place/bucket-place.ts';
