import { bundlePath, fullPath, type TilePath, tilePath } from '@tilewright/core/tiles';
import { describe, expect, test } from 'vitest';
import { NO_GCS_SERVER, skipsWithoutGcsServer } from '../../testing/gcs-server.ts';
import { faultsOn, type GcsFault } from '../../testing/http-proxy.ts';
import { gcsObjects } from '../gcs-objects.ts';
import { NO_OPERATIONS, operationsSince } from '../operation-counts.ts';
import { IMPATIENT_MS, sharedBuckets } from './faulty-bucket.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const PATH = tilePath({ level: 0, index: 0, width: 3 });
const FULL = fullPath(PATH);
const partial = (width: number): TilePath => tilePath({ level: 0, index: 0, width });

/** Faults that pass, and whether the server did its part all the same. */
const PASSING: readonly (readonly [string, GcsFault, boolean])[] = [
  ['429', { kind: 'status', status: 429 }, false],
  ['503', { kind: 'status', status: 503 }, false],
  ['503 that took effect', { kind: 'status', status: 503, after: true }, true],
  ['500', { kind: 'status', status: 500 }, false],
  ['401', { kind: 'status', status: 401 }, false],
  ['403 for its rate', { kind: 'status', status: 403, body: '{"reason":"userRateLimitExceeded"}' }, false],
  ['a reset', { kind: 'reset' }, false],
  ['a reset that took effect', { kind: 'reset', after: true }, true],
  ['silence', { kind: 'silence' }, false],
  ['silence that took effect', { kind: 'silence', after: true }, true],
  ['half an answer', { kind: 'truncated' }, true],
  ['an odd answer', { kind: 'status', status: 200, body: 'it works', after: true }, true],
];

const patienceWith = ({ kind }: GcsFault): number | undefined => (kind === 'silence' ? IMPATIENT_MS : undefined);
/** Silence takes its time: once is enough. */
const often = (fault: GcsFault): GcsFault[] => (fault.kind === 'silence' ? [fault] : [fault, fault]);

describe.skipIf(skipsWithoutGcsServer())(`on fake-gcs-server (where it is missing: ${NO_GCS_SERVER})`, () => {
  const makeBucket = sharedBuckets();

  test.each(PASSING)('create: %s is tried again, and the object is there once', async (_, fault, tookEffect) => {
    const { proxy, connection, direct, retries } = await makeBucket(patienceWith(fault));
    proxy.inject(faultsOn('insert', ...often(fault)));
    expect(await gcsObjects(connection).create(PATH, bytes('one'))).toBe(tookEffect ? 'identical' : 'created');
    expect(retries.length).toBeGreaterThanOrEqual(1);
    expect(await gcsObjects(direct).read(PATH)).toEqual(bytes('one'));
  });

  test.each(PASSING)('read: %s is tried again', async (_, fault) => {
    const { proxy, connection, retries } = await makeBucket(patienceWith(fault));
    const store = gcsObjects(connection);
    await store.create(PATH, bytes('one'));
    proxy.inject(faultsOn('get', ...often(fault)));
    expect(await store.read(PATH)).toEqual(bytes('one'));
    expect(retries.length).toBeGreaterThanOrEqual(often(fault).length);
  });

  test('read: wrong bytes are noticed, and tried again', async () => {
    const { proxy, connection, retries } = await makeBucket();
    const store = gcsObjects(connection);
    await store.create(PATH, bytes('one'));
    proxy.inject(faultsOn('get', { kind: 'wrong-bytes' }));
    expect(await store.read(PATH)).toEqual(bytes('one'));
    expect(retries).toEqual([expect.stringMatching(/checksum/)]);
  });

  test('a 412 with our own bytes there is success', async () => {
    const { proxy, connection, direct } = await makeBucket();
    await gcsObjects(direct).create(PATH, bytes('one'));
    proxy.inject(faultsOn('get', { kind: 'truncated' }, { kind: 'wrong-bytes' }));
    expect(await gcsObjects(connection).create(PATH, bytes('one'))).toBe('identical');
  });

  test('a 412 with other bytes there is a conflict, and both are kept', async () => {
    const { connection, direct } = await makeBucket();
    await gcsObjects(direct).create(PATH, bytes('one'));
    const creating = gcsObjects(connection).create(PATH, bytes('two'));
    await expect(creating).rejects.toMatchObject({ code: 'object-conflict', path: PATH });
    const kept = await direct.run({ what: 'list' }, (requests) => requests.list('a/log/conflicts/'));
    expect(kept).toEqual([expect.stringMatching(/^a\/log\/conflicts\/tile_0_000\.p_3-[0-9a-f]{8}$/)]);
    const found = await direct.run({ what: 'get' }, (requests) => requests.get(kept[0] ?? '', 100));
    expect(found?.bytes).toEqual(bytes('two'));
  });

  test('a 412 and then a 404 is what was collected meanwhile: not found', async () => {
    const { proxy, connection } = await makeBucket();
    proxy.inject(faultsOn('insert', { kind: 'status', status: 412 }));
    const creating = gcsObjects(connection).create(PATH, bytes('one'));
    await expect(creating).rejects.toMatchObject({ code: 'not-found', path: PATH });
  });

  test('a create that arrives when it was already tried again stores nothing else', async () => {
    const { proxy, connection, direct } = await makeBucket(IMPATIENT_MS);
    const late = Promise.withResolvers<void>();
    proxy.inject(faultsOn('insert', { kind: 'held', until: late.promise }));
    expect(await gcsObjects(connection).create(PATH, bytes('one'))).toBe('created');
    late.resolve();
    expect(await gcsObjects(direct).read(PATH)).toEqual(bytes('one'));
  });

  test.each(['insert', 'get'] as const)('persistent refusals of %s end within the patience', async (operation) => {
    const { proxy, connection } = await makeBucket();
    const store = gcsObjects(connection);
    proxy.inject((asked) => (asked.operation === operation ? { kind: 'status', status: 503 } : undefined));
    const started = connection.clock.monotonicMs();
    const trying = operation === 'get' ? store.read(PATH) : store.create(PATH, bytes('one'));
    await expect(trying).rejects.toMatchObject({ name: 'LogError', code: 'storage-failed', path: PATH });
    const took = connection.clock.monotonicMs() - started;
    expect(took).toBeGreaterThanOrEqual(120_000);
    expect(took).toBeLessThan(360_000);
  });

  test('what does not pass is not tried again', async () => {
    const { proxy, connection, retries } = await makeBucket();
    proxy.inject(faultsOn('get', { kind: 'status', status: 403 }));
    await expect(gcsObjects(connection).read(PATH)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(retries).toEqual([]);
  });

  test('a 404 that does not speak of the object is no proof of its absence', async () => {
    const { proxy, connection, retries } = await makeBucket();
    const store = gcsObjects(connection);
    const elsewhere: GcsFault = { kind: 'status', status: 404, body: 'no such page' };
    proxy.inject(faultsOn('get', elsewhere));
    expect(await store.read(PATH)).toBeUndefined();
    expect(retries).toEqual([]);
    await store.create(PATH, bytes('one'));
    proxy.inject(faultsOn('get', elsewhere));
    expect(await store.read(PATH)).toEqual(bytes('one'));
    expect(retries).toHaveLength(1);
    proxy.inject(({ operation }) => (operation === 'get' || operation === 'list' ? elsewhere : undefined));
    await expect(store.read(PATH)).rejects.toMatchObject({ code: 'storage-failed' });
  });

  test('an object that is longer than any such object is damaged, and not read', async () => {
    const { connection, direct } = await makeBucket();
    const headers = { contentType: 'x/y', cacheControl: 'no-cache' };
    const long = new Uint8Array(256 * 32 + 1);
    await direct.run({ what: 'put' }, (requests) => requests.insert(direct.nameOf(PATH), long, headers, '0'));
    await expect(gcsObjects(connection).read(PATH)).rejects.toMatchObject({ name: 'LogError', code: 'corrupt' });
  });

  test('a read that nobody waits for ends at once, and so does everything when the connection is closed', async () => {
    const { proxy, connection } = await makeBucket();
    const store = gcsObjects(connection);
    proxy.inject(() => ({ kind: 'silence' }));
    const caller = new AbortController();
    const reading = store.read(PATH, caller.signal);
    const creating = store.create(PATH, bytes('one'));
    setTimeout(() => caller.abort(), 20);
    await expect(reading).rejects.toMatchObject({ name: 'LogError', code: 'aborted' });
    await connection.close();
    await expect(creating).rejects.toMatchObject({ name: 'LogError', code: 'closing' });
    await expect(store.read(PATH)).rejects.toMatchObject({ name: 'LogError', code: 'closing' });
  });

  test('no more than 64 creates are under way at one time', async () => {
    const { proxy, connection } = await makeBucket();
    const store = gcsObjects(connection);
    const gate = Promise.withResolvers<undefined>();
    let arrived = 0;
    proxy.inject(() => {
      arrived += 1;
      return gate.promise;
    });
    const paths = Array.from({ length: 100 }, (_, index) => bundlePath({ index, width: 256 }));
    const creating = Promise.all(paths.map((path) => store.create(path, bytes(path))));
    await expect.poll(() => arrived).toBe(64);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(arrived).toBe(64);
    gate.resolve(undefined);
    expect(new Set(await creating)).toEqual(new Set(['created']));
  });

  test('partials whose widths are known go without a listing, others with one', async () => {
    const { proxy, connection } = await makeBucket();
    const store = gcsObjects(connection);
    for (const path of [partial(1), partial(7), partial(255), FULL]) await store.create(path, bytes(path));
    let before = proxy.operations;
    await store.dropPartials(FULL, [1, 2, 7]);
    expect(operationsSince(before, proxy.operations)).toEqual({ ...NO_OPERATIONS, metadata: 1, delete: 3 });
    expect(await Promise.all([1, 7, 255].map((width) => store.read(partial(width))))).toEqual([
      undefined,
      undefined,
      bytes(partial(255)),
    ]);
    before = proxy.operations;
    await store.dropPartials(FULL);
    expect(operationsSince(before, proxy.operations)).toEqual({ ...NO_OPERATIONS, metadata: 1, list: 1, delete: 1 });
    expect(await store.read(partial(255))).toBeUndefined();
    expect(await store.read(FULL)).toEqual(bytes(FULL));
    for (const width of [0, 256, 1.5]) await expect(store.dropPartials(FULL, [width])).rejects.toThrow(RangeError);
    expect(connection.operations).toEqual({ ...proxy.operations, list: proxy.operations.list });
  });

  test('a partial that cannot be removed stops no other', async () => {
    const { proxy, connection } = await makeBucket();
    const store = gcsObjects(connection);
    for (const path of [partial(1), partial(7), FULL]) await store.create(path, bytes(path));
    proxy.inject((asked) =>
      asked.operation === 'delete' && asked.name.endsWith('/1') ? { kind: 'status', status: 403 } : undefined,
    );
    await expect(store.dropPartials(FULL, [1, 7])).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await store.read(partial(7))).toBeUndefined();
    expect(await store.read(partial(1))).toEqual(bytes(partial(1)));
    proxy.inject(faultsOn('delete', { kind: 'reset', after: true }, { kind: 'status', status: 503 }));
    await store.dropPartials(FULL, [1]);
    expect(await store.read(partial(1))).toBeUndefined();
  });

  test('readers get objects under the headers of rekor-tiles, and as they are', async () => {
    const { proxy, connection, bucket } = await makeBucket();
    await gcsObjects(connection).create(PATH, bytes('one'));
    const answer = await fetch(
      `${proxy.endpoint}/storage/v1/b/${bucket}/o/${encodeURIComponent(`a/log/${PATH}`)}?alt=media`,
    );
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('cache-control')).toBe('max-age=604800,immutable');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toBe('one');
  });
});
