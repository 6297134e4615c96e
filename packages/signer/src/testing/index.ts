export type { AwsTestKey, AwsTestSpec } from './aws-keys.ts';
export { type AwsKmsServer, startAwsKmsServer } from './aws-kms-server.ts';
export type { KmsTestFault } from './fault-switch.ts';
export type { GcpTestAlgorithm, GcpTestVersion } from './gcp-keys.ts';
export { type GcpKmsServer, startGcpKmsServer } from './gcp-kms-server.ts';
