import { asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { sha256 } from '@tilewright/core/hash';
import { formatSignatureLine } from '@tilewright/core/note';
import type { Version } from '@tilewright/log/ports';
import { describe, expect, test } from 'vitest';
import { NO_GCS_SERVER, skipsWithoutGcsServer } from '../../testing/gcs-server.ts';
import { faultsOn, type GcsFault } from '../../testing/http-proxy.ts';
import { gcsCheckpoints } from '../gcs-checkpoints.ts';
import { NO_OPERATIONS, operationsSince } from '../operation-counts.ts';
import { type FaultyBucket, IMPATIENT_MS, sharedBuckets } from './faulty-bucket.ts';

const text = new TextEncoder();

/** Under a signature that nobody made: the store parses notes and verifies nothing. */
function note(size: number, signature = 'ours'): Uint8Array {
  const checkpoint = {
    origin: 'log.test',
    size: asTreeSize(size),
    root: sha256(text.encode(`${size}`)),
    extensions: [],
  };
  const line = formatSignatureLine('log.test', 7, text.encode(signature));
  return text.encode(`${new TextDecoder().decode(formatCheckpoint(checkpoint))}\n${line.trimEnd()}\n`);
}

const FAULTS: readonly (readonly [string, GcsFault])[] = [
  ['429', { kind: 'status', status: 429 }],
  ['503', { kind: 'status', status: 503 }],
  ['503 that took effect', { kind: 'status', status: 503, after: true }],
  ['a reset', { kind: 'reset' }],
  ['a reset that took effect', { kind: 'reset', after: true }],
  ['silence', { kind: 'silence' }],
  ['silence that took effect', { kind: 'silence', after: true }],
  ['half an answer', { kind: 'truncated' }],
  ['412 that is our own doing', { kind: 'status', status: 412, after: true }],
];

async function withCheckpoint(made: FaultyBucket): Promise<Version> {
  const version = await gcsCheckpoints(made.direct).replace(note(1), 'absent');
  if (version === 'lost') throw new Error('somebody else uses the bucket');
  return version;
}

const patienceWith = ({ kind }: GcsFault): number | undefined => (kind === 'silence' ? IMPATIENT_MS : undefined);

describe.skipIf(skipsWithoutGcsServer())(`on fake-gcs-server (where it is missing: ${NO_GCS_SERVER})`, () => {
  const makeBucket = sharedBuckets();

  test.each(FAULTS)('replace: after %s it is known that ours is stored', async (_, fault) => {
    const made = await makeBucket(patienceWith(fault));
    const first = await withCheckpoint(made);
    made.proxy.inject(faultsOn('insert', fault));
    const version = await gcsCheckpoints(made.connection).replace(note(2), first);
    expect(await gcsCheckpoints(made.direct).read()).toEqual({ note: note(2), version });
    expect(version).not.toBe(first);
  });

  test.each(FAULTS)('the first checkpoint: after %s it is known that ours is stored', async (_, fault) => {
    const made = await makeBucket(patienceWith(fault));
    made.proxy.inject(faultsOn('insert', fault));
    const version = await gcsCheckpoints(made.connection).replace(note(0), 'absent');
    expect(await gcsCheckpoints(made.direct).read()).toEqual({ note: note(0), version });
  });

  test.each(FAULTS)('read: %s is tried again', async (_, fault) => {
    const made = await makeBucket(patienceWith(fault));
    const version = await withCheckpoint(made);
    made.proxy.inject(
      faultsOn(
        'get',
        { kind: 'wrong-bytes' },
        fault.kind === 'status' && fault.status === 412 ? { kind: 'reset' } : fault,
      ),
    );
    expect(await gcsCheckpoints(made.connection).read()).toEqual({ note: note(1), version });
    expect(made.retries.length).toBeGreaterThanOrEqual(2);
  });

  test.each([true, false])(
    'another replica was first after a lost answer (effect: %s): ours is lost',
    async (after) => {
      const made = await makeBucket();
      const first = await withCheckpoint(made);
      const other = gcsCheckpoints(made.direct);
      let inserts = 0;
      made.proxy.inject(async ({ operation }) => {
        if (operation !== 'insert') return undefined;
        inserts += 1;
        if (inserts === 1) return { kind: 'reset', after };
        const stored = await other.read();
        if (stored !== undefined) await other.replace(note(3, 'theirs'), stored.version);
        return undefined;
      });
      expect(await gcsCheckpoints(made.connection).replace(note(2), first)).toBe('lost');
      expect((await other.read())?.note).toEqual(note(3, 'theirs'));
      expect(inserts).toBe(2);
    },
  );

  test('a replacement that arrives late, when another one was made, changes nothing', async () => {
    const made = await makeBucket(IMPATIENT_MS);
    const first = await withCheckpoint(made);
    const late = Promise.withResolvers<void>();
    made.proxy.inject(faultsOn('insert', { kind: 'held', until: late.promise }));
    const second = await gcsCheckpoints(made.connection).replace(note(2), first);
    const third = await gcsCheckpoints(made.direct).replace(note(3, 'theirs'), second as Version);
    late.resolve();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await gcsCheckpoints(made.direct).read()).toEqual({ note: note(3, 'theirs'), version: third });
  });

  test('a stalled publisher cannot go over a newer checkpoint, whatever it last saw', async () => {
    const made = await makeBucket();
    const first = await withCheckpoint(made);
    const stalled = gcsCheckpoints(made.connection);
    await stalled.read();
    const newer = await gcsCheckpoints(made.direct).replace(note(5, 'theirs'), first);
    expect(await stalled.replace(note(3), first)).toBe('lost');
    await expect(stalled.replace(note(3), newer as Version)).rejects.toMatchObject({ code: 'fork' });
    expect((await stalled.read())?.note).toEqual(note(5, 'theirs'));
  });

  test('the fence does not depend on what becomes of the bytes that were handed in', async () => {
    const made = await makeBucket();
    const store = gcsCheckpoints(made.connection);
    const handed = note(5);
    const version = await store.replace(handed, await withCheckpoint(made));
    handed.fill(0);
    await expect(store.replace(note(4), version as Version)).rejects.toMatchObject({ code: 'fork' });
  });

  test('bytes and generation come from one request, and a replacement of what was read is one more', async () => {
    const made = await makeBucket();
    await withCheckpoint(made);
    const store = gcsCheckpoints(made.connection);
    const before = made.proxy.operations;
    const stored = await store.read();
    expect(operationsSince(before, made.proxy.operations)).toEqual({ ...NO_OPERATIONS, get: 1 });
    await store.replace(note(2), stored?.version ?? 'absent');
    expect(operationsSince(before, made.proxy.operations)).toEqual({ ...NO_OPERATIONS, get: 1, insert: 1 });
  });

  test('persistent refusals end within the patience, and what is stored stays', async () => {
    const made = await makeBucket();
    const first = await withCheckpoint(made);
    made.proxy.inject(({ operation }) => (operation === 'insert' ? { kind: 'status', status: 429 } : undefined));
    const replacing = gcsCheckpoints(made.connection).replace(note(2), first);
    await expect(replacing).rejects.toMatchObject({ code: 'storage-failed', path: 'checkpoint' });
    expect(await gcsCheckpoints(made.direct).read()).toEqual({ note: note(1), version: first });
  });

  test('what is no checkpoint is damage, and is not written over', async () => {
    const made = await makeBucket();
    const headers = { contentType: 'text/plain', cacheControl: 'no-cache' };
    const junk = text.encode('junk');
    const version = await made.direct.run({ what: 'put' }, (requests) =>
      requests.insert(made.direct.nameOf('checkpoint'), junk, headers, '0'),
    );
    const store = gcsCheckpoints(made.connection);
    await expect(store.replace(note(1), version as Version)).rejects.toMatchObject({ code: 'corrupt' });
    await expect(store.replace(junk, 'absent')).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('readers get the checkpoint under the headers of rekor-tiles', async () => {
    const made = await makeBucket();
    await withCheckpoint(made);
    const url = `${made.proxy.endpoint}/storage/v1/b/${made.bucket}/o/a%2Flog%2Fcheckpoint?alt=media`;
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });
});
