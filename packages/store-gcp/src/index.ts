export { GcpError, type GcpErrorCode } from './gcp-error.ts';
export { type BucketConnection, type BucketWorld, connectBucket } from './gcs/bucket-connection.ts';
export { gcsCheckpoints } from './gcs/gcs-checkpoints.ts';
export { gcsObjects } from './gcs/gcs-objects.ts';
export { gcsSignedCheckpoints } from './gcs/gcs-signed-checkpoints.ts';
export {
  type BilledOperations,
  billedOperations,
  type OperationCounts,
  operationsSince,
} from './gcs/operation-counts.ts';
export { inspectGcpLog } from './open/inspect-gcp-log.ts';
export { type GcpReader, openGcpReader } from './open/open-gcp-reader.ts';
export { type GcpOptions, type GcpStore, openGcpStore } from './open/open-gcp-store.ts';
export {
  type BucketPlace,
  parseBucketName,
  parsePrefix,
  parseStorageEmulatorHost,
  parseStorageEndpoint,
} from './place/bucket-place.ts';
export { checkTablePrefix, formatSpannerPath, parseSpannerPath, type SpannerPlace } from './place/spanner-path.ts';
export { connectSpanner } from './spanner/connect-spanner.ts';
export { spannerDedupe } from './spanner/dedupe/spanner-dedupe.ts';
export type { SpannerOperations } from './spanner/rpc/spanner-calls.ts';
export { claimIdentity } from './spanner/schema/claim-identity.ts';
export { initSchema, migrateSchema } from './spanner/schema/init-schema.ts';
export { type LogIdentity, readSchema, type SchemaState } from './spanner/schema/read-schema.ts';
export { type SequenceOptions, spannerSequence } from './spanner/sequence/spanner-sequence.ts';
export type { SpannerConnection, SpannerWorld } from './spanner/spanner-connection.ts';
