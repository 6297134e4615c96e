import { asTreeSize } from '@tilewright/core/bytes';
import type { SignedCheckpoints } from '@tilewright/log/ports';
import { describe, expect, test } from 'vitest';
import { NO_GCS_SERVER, skipsWithoutGcsServer } from '../../testing/gcs-server.ts';
import { faultsOn, type GcsFault } from '../../testing/http-proxy.ts';
import type { BucketConnection } from '../bucket-connection.ts';
import { gcsSignedCheckpoints } from '../gcs-signed-checkpoints.ts';
import { NO_OPERATIONS, operationsSince } from '../operation-counts.ts';
import { IMPATIENT_MS, sharedBuckets } from './faulty-bucket.ts';

const FAULTS: readonly (readonly [string, GcsFault])[] = [
  ['429', { kind: 'status', status: 429 }],
  ['503 that took effect', { kind: 'status', status: 503, after: true }],
  ['a reset', { kind: 'reset' }],
  ['a reset that took effect', { kind: 'reset', after: true }],
  ['silence that took effect', { kind: 'silence', after: true }],
  ['half an answer', { kind: 'truncated' }],
  ['412 that is our own doing', { kind: 'status', status: 412, after: true }],
];

const SIZE = asTreeSize(7);
const note = (text: string): Uint8Array => new TextEncoder().encode(`log.test\n7\n${text}\n`);

async function keep(connection: BucketConnection, text: string): Promise<string> {
  const store: SignedCheckpoints = gcsSignedCheckpoints(connection);
  return new TextDecoder().decode(await store.keep(SIZE, note(text))).split('\n')[2] ?? '';
}

describe.skipIf(skipsWithoutGcsServer())(`on fake-gcs-server (where it is missing: ${NO_GCS_SERVER})`, () => {
  const makeBucket = sharedBuckets();

  test.each(FAULTS)('after %s ours is kept, and it is known', async (_, fault) => {
    const made = await makeBucket(fault.kind === 'silence' ? IMPATIENT_MS : undefined);
    made.proxy.inject(faultsOn('insert', fault));
    expect(await keep(made.connection, 'ours')).toBe('ours');
    expect(await keep(made.direct, 'theirs')).toBe('ours');
    expect(made.retries.length).toBe(fault.kind === 'status' && fault.status === 412 ? 0 : 1);
  });

  test.each(FAULTS)('after %s it is known that theirs was kept before', async (_, fault) => {
    const made = await makeBucket(fault.kind === 'silence' ? IMPATIENT_MS : undefined);
    expect(await keep(made.direct, 'theirs')).toBe('theirs');
    made.proxy.inject(faultsOn('insert', fault));
    expect(await keep(made.connection, 'ours')).toBe('theirs');
  });

  test('what cannot be read is tried again', async () => {
    const made = await makeBucket();
    await keep(made.direct, 'theirs');
    made.proxy.inject(faultsOn('get', { kind: 'status', status: 503 }));
    expect(await keep(made.connection, 'ours')).toBe('theirs');
  });

  test('one that was removed before it could be read is kept anew', async () => {
    const made = await makeBucket();
    // As a rule of the bucket would: the answer was 412, and nothing is there.
    made.proxy.inject(faultsOn('insert', { kind: 'status', status: 412 }));
    expect(await keep(made.connection, 'ours')).toBe('ours');
    expect(made.retries.join()).toContain('checkpoints/7 was there, and is gone');
    expect(await keep(made.direct, 'theirs')).toBe('ours');
  });

  test('it costs one request, and one more where another was first', async () => {
    const made = await makeBucket();
    const before = made.connection.operations;
    await keep(made.connection, 'ours');
    expect(operationsSince(before, made.connection.operations)).toEqual({ ...NO_OPERATIONS, insert: 1 });
    await keep(made.connection, 'again');
    expect(operationsSince(before, made.connection.operations)).toEqual({ ...NO_OPERATIONS, insert: 2, get: 1 });
  });
});
