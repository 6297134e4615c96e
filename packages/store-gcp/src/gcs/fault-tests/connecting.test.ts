import { realEntropy } from '@tilewright/log/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NO_GCS_SERVER, skipsWithoutGcsServer } from '../../testing/gcs-server.ts';
import { hurriedClock } from '../../testing/hurried-clock.ts';
import { type BucketConnection, connectBucket } from '../bucket-connection.ts';
import { gcsObjects } from '../gcs-objects.ts';
import { operationsSince } from '../operation-counts.ts';
import { sharedBuckets } from './faulty-bucket.ts';

const connect = (endpoint: string, bucket: string): Promise<BucketConnection> =>
  connectBucket(
    { bucket, prefix: '', endpoint },
    { clock: hurriedClock(100), entropy: realEntropy(), callTimeoutMs: 1_000_000 },
  );

describe.skipIf(skipsWithoutGcsServer())(`on fake-gcs-server (where it is missing: ${NO_GCS_SERVER})`, () => {
  const makeBucket = sharedBuckets('');

  test('a bucket that is not there is named', async () => {
    const { proxy } = await makeBucket();
    const connecting = connect(proxy.endpoint, 'no-such-bucket');
    await expect(connecting).rejects.toMatchObject({
      name: 'GcpError',
      code: 'no-place',
      message: expect.stringContaining('no-such-bucket'),
    });
  });

  test.each([
    [403, 'denied', false],
    [401, 'denied', false],
    [400, 'failed', false],
    [503, 'unreachable', true],
  ])('%i is %s, and asked again: %s', async (status, code, isAskedAgain) => {
    const { proxy, bucket } = await makeBucket();
    const before = proxy.operations;
    proxy.inject(() => ({ kind: 'status', status }));
    await expect(connect(proxy.endpoint, bucket)).rejects.toMatchObject({ name: 'GcpError', code });
    expect(operationsSince(before, proxy.operations).list > 1).toBe(isAskedAgain);
  });

  test('where nobody answers the bucket is unreachable', async () => {
    const { proxy, bucket } = await makeBucket();
    await proxy.stop();
    await expect(connect(proxy.endpoint, bucket)).rejects.toMatchObject({ name: 'GcpError', code: 'unreachable' });
  });

  test('what the environment names is not asked behind our back', async () => {
    const { proxy, bucket } = await makeBucket();
    const given = process.env.STORAGE_EMULATOR_HOST;
    onTestFinished(() => {
      if (given === undefined) delete process.env.STORAGE_EMULATOR_HOST;
      else process.env.STORAGE_EMULATOR_HOST = given;
    });
    process.env.STORAGE_EMULATOR_HOST = 'http://127.0.0.1:9';
    const connection = await connect(proxy.endpoint, bucket);
    expect(await gcsObjects(connection).isEmpty()).toBe(true);
    await connection.close();
  });

  test('a log is nowhere where neither a checkpoint nor a tile is', async () => {
    const { connection, direct } = await makeBucket();
    const put = (name: string): Promise<unknown> =>
      direct.run({ what: 'put' }, (requests) =>
        requests.insert(name, new Uint8Array(1), { contentType: 'x/y', cacheControl: 'no-cache' }, '0'),
      );
    await put('index.html');
    expect(await gcsObjects(connection).isEmpty()).toBe(true);
    await put('checkpoint');
    expect(await gcsObjects(connection).isEmpty()).toBe(false);
  });
});
