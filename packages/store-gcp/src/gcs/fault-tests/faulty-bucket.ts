import { realEntropy } from '@tilewright/log/testing';
import { afterAll, onTestFinished } from 'vitest';
import { type GcsServer, startGcsServer } from '../../testing/gcs-server.ts';
import { type GcsProxy, startGcsProxy } from '../../testing/http-proxy.ts';
import { hurriedClock } from '../../testing/hurried-clock.ts';
import { type BucketConnection, connectBucket } from '../bucket-connection.ts';

/** A bucket with a proxy before it, and connections through the proxy and past it. */
export interface FaultyBucket {
  readonly proxy: GcsProxy;
  readonly bucket: string;
  /** Through the proxy; two minutes of patience are over in two seconds. */
  readonly connection: BucketConnection;
  /** What was tried again, and why. */
  readonly retries: readonly string[];
  /** Past the proxy: another replica, for which nothing goes wrong. */
  readonly direct: BucketConnection;
}

const HURRY = 60;
/** Ten seconds: only what is meant to take long does, however busy the machine is. */
const CALL_MS = 600_000;
/** Half a second: for tests in which no answer comes. */
export const IMPATIENT_MS = 30_000;

/** One server for the tests of a file; each gets a bucket of its own. */
export function sharedBuckets(prefix = 'a/log/'): (callTimeoutMs?: number) => Promise<FaultyBucket> {
  let server: Promise<GcsServer> | undefined;
  afterAll(async () => (await server)?.stop());
  return async (callTimeoutMs = CALL_MS) => {
    server ??= startGcsServer();
    const running = await server;
    const bucket = await running.makeBucket();
    const proxy = await startGcsProxy(running.endpoint);
    onTestFinished(() => proxy.stop());
    const retries: string[] = [];
    const connect = async (endpoint: string): Promise<BucketConnection> => {
      const connection = await connectBucket(
        { bucket, prefix, endpoint },
        {
          clock: hurriedClock(HURRY),
          entropy: realEntropy(),
          callTimeoutMs,
          onRetry: (what, error) => void retries.push(`${what}: ${error instanceof Error ? error.message : ''}`),
        },
      );
      onTestFinished(() => connection.close());
      return connection;
    };
    return {
      proxy,
      bucket,
      connection: await connect(proxy.endpoint),
      direct: await connect(running.endpoint),
      retries,
    };
  };
}
