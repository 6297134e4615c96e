export type { AwsTestKey, AwsTestSpec } from './aws/aws-keys.ts';
export { type AwsKmsServer, startAwsKmsServer } from './aws/aws-kms-server.ts';
export type { KmsTestFault } from './fault-switch.ts';
export type { GcpTestAlgorithm, GcpTestVersion } from './gcp/gcp-keys.ts';
export { type GcpKmsServer, startGcpKmsServer } from './gcp/gcp-kms-server.ts';
export { TLS_CERTIFICATE, TLS_KEY } from './tls-certificate.ts';
