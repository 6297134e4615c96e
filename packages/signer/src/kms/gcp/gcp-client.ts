import { createRequire } from 'node:module';
import type { KeyManagementServiceClient } from '@google-cloud/kms';
import { callKms, closedError } from '../call/call-kms.ts';
import { type Endpoint, parseEndpoint } from '../call/endpoint.ts';
import type { KmsTask } from '../call/kms-fault.ts';
import { loadGcpSdk } from '../call/load-sdk.ts';
import type { KmsOptions } from '../kms-options.ts';
import { gcpFaultOf, NotReady } from './gcp-faults.ts';

type ClientConstructor = typeof KeyManagementServiceClient;
type ClientOptions = NonNullable<ConstructorParameters<ClientConstructor>[0]>;
type Gax = Exclude<ConstructorParameters<ClientConstructor>[1], undefined>;

/** The SDK's options of one call. */
export type GcpCallOptions = NonNullable<Parameters<KeyManagementServiceClient['listCryptoKeyVersionsAsync']>[1]>;

/** A connection to Google Cloud KMS. */
export interface GcpKms {
  /** Makes one bounded call. @throws SignerError as `callKms` */
  call<T>(
    task: KmsTask,
    request: (client: KeyManagementServiceClient, options: GcpCallOptions) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

/** Messages of this service are a few kilobytes; a page of versions tens of them. */
const MAX_ANSWER_BYTES = 4194304;

/**
 * Loads the SDK. Nothing is sent before the first call. Credentials are the SDK's own (Application Default Credentials).
 * @throws SignerError `kms-missing`, `bad-uri`
 */
export async function openGcpKms(options: KmsOptions): Promise<GcpKms> {
  const endpoint = options.gcpEndpoint === undefined ? undefined : parseEndpoint(options.gcpEndpoint);
  const sdk = await loadGcpSdk();
  const settings = clientOptions(endpoint);
  let current: Promise<KeyManagementServiceClient> | undefined;
  let isClosed = false;
  const ready = (): Promise<KeyManagementServiceClient> => {
    current ??= start(sdk.KeyManagementServiceClient, settings).catch((cause: unknown) => {
      // The SDK keeps a failure to get ready for ever, so the next try has a client of its own.
      current = undefined;
      throw cause;
    });
    return current;
  };
  return {
    call: (task, request) =>
      callKms(
        task,
        options,
        async (signal) => {
          const client = await ready();
          if (isClosed) throw closedError(task);
          return request(client, { timeout: options.timeoutMs, retry: null, signal });
        },
        gcpFaultOf,
      ),
    close: async () => {
      isClosed = true;
      // A call that begins in a client that was just closed fails where nobody can catch; one that has begun does not.
      await new Promise((resolve) => setImmediate(resolve));
      // Not waited for: what is not ready yet may still be looking for credentials, for as long as the SDK likes.
      void current?.then((client) => client.close()).catch(() => undefined);
    },
  };
}

// Methods of the SDK start it without waiting, and throw where nobody can catch when that fails: so it is awaited here.
async function start(Client: ClientConstructor, settings: ClientOptions): Promise<KeyManagementServiceClient> {
  try {
    const client = new Client(settings);
    await client.initialize();
    return client;
  } catch (cause) {
    throw new NotReady('the SDK did not start', { cause });
  }
}

function clientOptions(endpoint: Endpoint | undefined): ClientOptions {
  const always: ClientOptions = {
    fallback: false,
    // The bound is `callKms`: gRPC neither repeats calls by itself nor waits a second before it connects again.
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 1000,
    'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  };
  if (endpoint === undefined) return always;
  const there: ClientOptions = { ...always, apiEndpoint: endpoint.host, port: endpoint.port };
  if (!endpoint.insecure) return there;
  return {
    ...there,
    sslCreds: insecureCredentials(),
    'grpc.enable_http_proxy': 0,
    // Said, because the SDK otherwise asks credentials for it, which nobody has here.
    universeDomain: 'googleapis.com',
  };
}

// Credentials must be of the very gRPC that the SDK uses, which is a dependency of its dependency.
function insecureCredentials(): NonNullable<ClientOptions['sslCreds']> {
  const sdk = createRequire(import.meta.url).resolve('@google-cloud/kms');
  const gax = createRequire(sdk)('google-gax') as Extract<Gax, { grpc: unknown }>;
  return gax.grpc.credentials.createInsecure();
}
