import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { SignerError } from '../../signer-error.ts';
import { callKms, closedError } from '../call/call-kms.ts';
import { parseEndpoint } from '../call/endpoint.ts';
import type { KmsTask } from '../call/kms-fault.ts';
import { loadAwsSdk } from '../call/load-sdk.ts';
import type { KmsOptions } from '../kms-options.ts';
import { awsFaultOf } from './aws-faults.ts';
import type { AwsKeyName } from './aws-names.ts';

type Sdk = typeof import('@aws-sdk/client-kms');

/** The SDK's options of one call. */
export interface AwsCallOptions {
  readonly abortSignal: AbortSignal;
}

/** A connection to AWS KMS. */
export interface AwsKms {
  readonly sdk: Sdk;
  /** Makes one bounded call. @throws SignerError as `callKms` */
  call<T>(task: KmsTask, request: (client: KMSClient, options: AwsCallOptions) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Loads the SDK. Nothing is sent before the first call. Credentials, and the region of a key that is not named by its
 * ARN, are the SDK's own (environment, configuration files, instance metadata).
 * @throws SignerError `kms-missing`, `bad-uri`
 */
export async function openAwsKms(name: AwsKeyName, options: KmsOptions): Promise<AwsKms> {
  const config = clientConfig(name, options);
  const sdk = await loadAwsSdk();
  const client = new sdk.KMSClient(config);
  await requireRegion(client, name);
  let isClosed = false;
  return {
    sdk,
    call: (task, request) =>
      callKms(
        task,
        options,
        async (abortSignal) => {
          if (isClosed) throw closedError(task);
          return request(client, { abortSignal });
        },
        awsFaultOf,
      ),
    close: async () => {
      isClosed = true;
      client.destroy();
    },
  };
}

function clientConfig({ region, endpoint }: AwsKeyName, { awsEndpoint }: KmsOptions): KMSClientConfig {
  const asked = endpoint ?? awsEndpoint;
  const there = asked === undefined ? undefined : parseEndpoint(asked);
  // The bound is `callKms`, so the SDK makes one try.
  const always: KMSClientConfig = { maxAttempts: 1, ...(region === undefined ? {} : { region }) };
  if (there === undefined) return always;
  if (!there.insecure) return { ...always, endpoint: there.url };
  return {
    ...always,
    endpoint: there.url,
    region: region ?? 'us-east-1',
    credentials: { accessKeyId: 'loopback', secretAccessKey: 'loopback' },
  };
}

async function requireRegion(client: KMSClient, { keyId }: AwsKeyName): Promise<void> {
  try {
    await client.config.region();
  } catch (cause) {
    client.destroy();
    throw new SignerError(
      'bad-uri',
      `no region is known for the key ${keyId} of AWS KMS; name the key by its ARN, or set AWS_REGION`,
      { cause },
    );
  }
}
