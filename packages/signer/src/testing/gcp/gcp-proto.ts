import { createRequire } from 'node:module';
import type { ServiceDefinition } from '@grpc/grpc-js';

/** An answer that is not a message: its bytes are sent as they are. */
export class RawAnswer {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

interface Gax {
  readonly GrpcClient: new () => { loadProtoJSON(json: object): Package };
}
interface Package {
  readonly google: {
    readonly cloud: {
      readonly kms: { readonly v1: { readonly KeyManagementService: { service: ServiceDefinition } } };
    };
  };
}

/**
 * The service `google.cloud.kms.v1.KeyManagementService` of the descriptors that the SDK has: 64-bit numbers and enums
 * are strings, fields are in camelCase.
 */
export function keyManagementService(): ServiceDefinition {
  const require = createRequire(import.meta.url);
  const gax: Gax = createRequire(require.resolve('@google-cloud/kms'))('google-gax');
  const json: object = require('@google-cloud/kms/build/protos/protos.json');
  const { service } = new gax.GrpcClient().loadProtoJSON(json).google.cloud.kms.v1.KeyManagementService;
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      {
        ...method,
        responseSerialize: (answer: unknown) =>
          answer instanceof RawAnswer ? answer.bytes : method.responseSerialize(answer),
      },
    ]),
  );
}
