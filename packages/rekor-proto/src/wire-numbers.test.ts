import type { DescField, DescMessage, DescService } from '@bufbuild/protobuf';
import { create, fromBinary, toBinary, toJsonString } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import * as proto from './index.ts';

const shape = (field: DescField) => `${field.name}=${field.number}`;
const fieldsOf = (schema: DescMessage) => schema.fields.map(shape).join(' ');

// rekor-tiles: the field numbers that every Rekor v2 client sends. A change here breaks them all.
test.each([
  [proto.CreateEntryRequestSchema, 'hashed_rekord_request_v002=1 dsse_request_v002=2'],
  [proto.HashedRekordRequestV002Schema, 'digest=1 signature=2'],
  [proto.SignatureSchema, 'content=1 verifier=2'],
  [proto.VerifierSchema, 'public_key=1 x509_certificate=2 key_details=3'],
  [proto.PublicKeySchema, 'raw_bytes=1'],
  [proto.X509CertificateSchema, 'raw_bytes=1'],
  [proto.EntrySchema, 'kind=1 api_version=2 spec=3'],
  [proto.SpecSchema, 'hashed_rekord_v002=1 dsse_v002=2'],
  [proto.HashedRekordLogEntryV002Schema, 'data=1 signature=2'],
  [proto.HashOutputSchema, 'algorithm=1 digest=2'],
  [proto.DSSERequestV002Schema, 'envelope=1 verifiers=2'],
  [proto.DSSELogEntryV002Schema, 'payloadHash=1 signatures=2'],
  [proto.EnvelopeSchema, 'payload=1 payloadType=2 signatures=3'],
  [proto.EnvelopeSignatureSchema, 'sig=1 keyid=2'],
  [
    proto.TransparencyLogEntrySchema,
    'log_index=1 log_id=2 kind_version=3 integrated_time=4 inclusion_promise=5 inclusion_proof=6 canonicalized_body=7',
  ],
  [proto.InclusionProofSchema, 'log_index=1 root_hash=2 tree_size=3 hashes=4 checkpoint=5'],
  [proto.LogIdSchema, 'key_id=1'],
  [proto.KindVersionSchema, 'kind=1 version=2'],
  [proto.CheckpointSchema, 'envelope=1'],
  [proto.TileRequestSchema, 'L=1 N=2'],
  [proto.EntryBundleRequestSchema, 'N=1'],
  [proto.HttpBodySchema, 'content_type=1 data=2 extensions=3'],
  [proto.StatusSchema, 'code=1 message=2 details=3'],
  [proto.ErrorInfoSchema, 'reason=1 domain=2 metadata=3'],
  [proto.RetryInfoSchema, 'retry_delay=1'],
  [proto.HealthCheckRequestSchema, 'service=1'],
  [proto.HealthCheckResponseSchema, 'status=1'],
  [
    proto.ServerReflectionRequestSchema,
    'host=1 file_by_filename=3 file_containing_symbol=4 file_containing_extension=5 all_extension_numbers_of_type=6 list_services=7',
  ],
  [
    proto.ServerReflectionResponseSchema,
    'valid_host=1 original_request=2 file_descriptor_response=4 all_extension_numbers_response=5 list_services_response=6 error_response=7',
  ],
])('$typeName has its fields at their numbers', (schema: DescMessage, expected: string) => {
  expect(fieldsOf(schema)).toBe(expected);
});

test('the v1alpha reflection messages are those of v1', () => {
  expect(fieldsOf(proto.ServerReflectionRequestV1AlphaSchema)).toBe(fieldsOf(proto.ServerReflectionRequestSchema));
  expect(fieldsOf(proto.ServerReflectionResponseV1AlphaSchema)).toBe(fieldsOf(proto.ServerReflectionResponseSchema));
});

test.each<[DescService, string, string[]]>([
  [proto.Rekor, 'dev.sigstore.rekor.v2.Rekor', ['CreateEntry', 'GetTile', 'GetEntryBundle', 'GetCheckpoint']],
  [proto.Health, 'grpc.health.v1.Health', ['Check', 'List', 'Watch']],
  [proto.ServerReflection, 'grpc.reflection.v1.ServerReflection', ['ServerReflectionInfo']],
  [proto.ServerReflectionV1Alpha, 'grpc.reflection.v1alpha.ServerReflection', ['ServerReflectionInfo']],
])('service %#', (service, name, methods) => {
  expect(service.typeName).toBe(name);
  expect(service.methods.map((method) => method.name)).toEqual(methods);
});

test('the enums hold every name at its number', () => {
  expect(proto.HashAlgorithm).toEqual({
    HASH_ALGORITHM_UNSPECIFIED: 0,
    SHA2_256: 1,
    SHA2_384: 2,
    SHA2_512: 3,
    SHA3_256: 4,
    SHA3_384: 5,
  });
  const details: Record<string, number> = proto.PublicKeyDetails;
  expect(Object.values(details).sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, n) => n));
  expect(details).toMatchObject({
    PKIX_ECDSA_P256_SHA_256: 5,
    PKIX_ED25519: 7,
    PKIX_ED25519_PH: 8,
    PKIX_RSA_PKCS1V15_2048_SHA256: 9,
    PKIX_RSA_PKCS1V15_4096_SHA256: 11,
    PKIX_ECDSA_P384_SHA_384: 12,
    PKIX_ECDSA_P521_SHA_512: 13,
    PKIX_RSA_PSS_2048_SHA256: 16,
    PKIX_ECDSA_P521_SHA_256: 20,
    ML_DSA_65: 21,
    ML_DSA_87: 22,
    ML_DSA_44: 23,
  });
});

test('an answer keeps its ProtoJSON shape and survives the wire', () => {
  const entry = create(proto.TransparencyLogEntrySchema, {
    logIndex: 3n,
    logId: { keyId: new Uint8Array([1, 2]) },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    inclusionProof: { logIndex: 3n, rootHash: new Uint8Array([9]), treeSize: 4n, checkpoint: { envelope: 'x\n' } },
    canonicalizedBody: new Uint8Array([255]),
  });
  expect(fromBinary(proto.TransparencyLogEntrySchema, toBinary(proto.TransparencyLogEntrySchema, entry))).toEqual(
    entry,
  );
  expect(toJsonString(proto.TransparencyLogEntrySchema, entry)).toBe(
    '{"logIndex":"3","logId":{"keyId":"AQI="},"kindVersion":{"kind":"hashedrekord","version":"0.0.2"},' +
      '"inclusionProof":{"logIndex":"3","rootHash":"CQ==","treeSize":"4","checkpoint":{"envelope":"x\\n"}},' +
      '"canonicalizedBody":"/w=="}',
  );
});
