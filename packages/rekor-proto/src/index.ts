// Every message, enum and service by name, under the protobuf package that it belongs to.

// io.intoto; its Signature is renamed, Rekor's has the plain name
export {
  type Envelope,
  EnvelopeSchema,
  type Signature as EnvelopeSignature,
  SignatureSchema as EnvelopeSignatureSchema,
} from './gen/envelope_pb.ts';
// google.api, google.rpc
export { type HttpBody, HttpBodySchema } from './gen/google/api/httpbody_pb.ts';
export { type ErrorInfo, ErrorInfoSchema, type RetryInfo, RetryInfoSchema } from './gen/google/rpc/error_details_pb.ts';
export { type Status, StatusSchema } from './gen/google/rpc/status_pb.ts';
// grpc.health.v1
export {
  Health,
  type HealthCheckRequest,
  HealthCheckRequestSchema,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthCheckResponse_ServingStatusSchema as ServingStatusSchema,
  HealthCheckResponseSchema,
  type HealthListRequest,
  HealthListRequestSchema,
  type HealthListResponse,
  HealthListResponseSchema,
} from './gen/grpc/health/v1/health_pb.ts';
// grpc.reflection.v1 and v1alpha: the same messages on the wire, so one set of types serves both services
export {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from './gen/grpc/reflection/v1/reflection_pb.ts';
export {
  ServerReflection as ServerReflectionV1Alpha,
  ServerReflectionRequestSchema as ServerReflectionRequestV1AlphaSchema,
  ServerReflectionResponseSchema as ServerReflectionResponseV1AlphaSchema,
} from './gen/grpc/reflection/v1alpha/reflection_pb.ts';
// dev.sigstore.rekor.v2
export {
  type DSSELogEntryV002,
  DSSELogEntryV002Schema,
  type DSSERequestV002,
  DSSERequestV002Schema,
} from './gen/rekor/v2/dsse_pb.ts';
export {
  type CreateEntryRequest,
  CreateEntryRequestSchema,
  type Entry,
  EntrySchema,
  type Spec,
  SpecSchema,
} from './gen/rekor/v2/entry_pb.ts';
export {
  type HashedRekordLogEntryV002,
  HashedRekordLogEntryV002Schema,
  type HashedRekordRequestV002,
  HashedRekordRequestV002Schema,
} from './gen/rekor/v2/hashedrekord_pb.ts';
export {
  type EntryBundleRequest,
  EntryBundleRequestSchema,
  Rekor,
  type TileRequest,
  TileRequestSchema,
} from './gen/rekor/v2/rekor_service_pb.ts';
export {
  type PublicKey,
  PublicKeySchema,
  type Signature,
  SignatureSchema,
  type Verifier,
  VerifierSchema,
} from './gen/rekor/v2/verifier_pb.ts';
// dev.sigstore.common.v1
export {
  HashAlgorithm,
  HashAlgorithmSchema,
  type HashOutput,
  HashOutputSchema,
  type LogId,
  LogIdSchema,
  PublicKeyDetails,
  PublicKeyDetailsSchema,
  type X509Certificate,
  X509CertificateSchema,
} from './gen/sigstore_common_pb.ts';
// dev.sigstore.rekor.v1
export {
  type Checkpoint,
  CheckpointSchema,
  type InclusionPromise,
  InclusionPromiseSchema,
  type InclusionProof,
  InclusionProofSchema,
  type KindVersion,
  KindVersionSchema,
  type TransparencyLogEntry,
  TransparencyLogEntrySchema,
} from './gen/sigstore_rekor_pb.ts';
