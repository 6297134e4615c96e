import {
  type GcsFault,
  type GcsRequest,
  type GrpcFault,
  GrpcProxy,
  startGcsProxy,
} from '@tilewright/store-gcp/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anotherReplica, expectSound, madeGcpPlace, serveGcp } from '../../testing/gcp-replicas.ts';
import { gcpServers, SKIPS_GCP } from '../../testing/gcp-servers.ts';
import { SteadyWriters } from '../../testing/steady-writers.ts';

const [ABORTED, UNAVAILABLE, DEADLINE_EXCEEDED] = [10, 14, 4];
const WRITERS = 8;
/** Between two faults: the server gets over one before the next comes, now and then. */
const EVERY_MS = 250;

/** Every status before the call is carried out, after it, and while it is still on its way; connections that break. */
function spannerFaults(): GrpcFault[] {
  const statuses = [ABORTED, UNAVAILABLE, DEADLINE_EXCEEDED];
  return ['Commit', 'Read', 'StreamingRead'].flatMap((method) => [
    ...statuses.flatMap((status): GrpcFault[] => [
      { method, when: 'before', trouble: { status } },
      // ABORTED says that nothing happened: Spanner never says so of what it did.
      ...(status === ABORTED ? [] : ([{ method, when: 'after', trouble: { status } }] as const)),
    ]),
    { method, when: 'before', trouble: 'reset' },
    { method, when: 'after', trouble: 'reset' },
    { method, when: 'before', trouble: { status: UNAVAILABLE }, times: 4 },
  ]);
}

/** What comes late: the client is told of a failure, and the commit is carried out when it has long gone on. */
const LATE: GrpcFault = { method: 'Commit', when: 'early', trouble: { status: DEADLINE_EXCEEDED } };

interface BucketFault {
  readonly operation: GcsRequest['operation'];
  readonly fault: GcsFault;
}

function bucketFaults(): BucketFault[] {
  const broken: GcsFault[] = [429, 503, 500].flatMap((status) => [
    { kind: 'status', status },
    { kind: 'status', status, after: true },
  ]);
  const resets: GcsFault[] = [{ kind: 'reset' }, { kind: 'reset', after: true }];
  const stored: GcsFault[] = [
    ...broken,
    ...resets,
    { kind: 'status', status: 412, after: true },
    { kind: 'truncated' },
  ];
  const read: GcsFault[] = [...broken, ...resets, { kind: 'truncated' }, { kind: 'wrong-bytes' }];
  return [
    ...stored.map((fault): BucketFault => ({ operation: 'insert', fault })),
    ...read.map((fault): BucketFault => ({ operation: 'get', fault })),
  ];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(SKIPS_GCP)('faults between a server under load and its storage', () => {
  const servers = gcpServers();

  test('of Spanner: every request ends with its entry, or is told to come again', { timeout: 120_000 }, async () => {
    const { env, spanner } = servers();
    const proxy = await GrpcProxy.start(spanner.host);
    onTestFinished(() => proxy.stop());
    const place = await madeGcpPlace(servers());
    const server = await serveGcp(place, { ...env, SPANNER_EMULATOR_HOST: proxy.host });
    // What the other one sequences has to be read from the database.
    const otherPlace = await anotherReplica(place);
    const other = await serveGcp(otherPlace, env);
    const writers = [new SteadyWriters(place.url, WRITERS), new SteadyWriters(otherPlace.url, 2)];
    for (const fault of [...spannerFaults(), LATE, ...spannerFaults()]) {
      proxy.inject(fault);
      await pause(EVERY_MS);
      await proxy.letGo();
    }
    await expect.poll(() => proxy.allHappened, { timeout: 20_000 }).toBe(true);
    for (const each of writers) expect(await each.finish()).toBeGreaterThan(WRITERS);
    for (const each of writers) await each.expectKept(place);
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    for (const { child } of [server, other]) child.kill('SIGTERM');
    expect(await Promise.all([server.ended, other.ended])).toEqual([0, 0]);
    await expectSound(place);
  });

  test('of Cloud Storage: likewise', { timeout: 120_000 }, async () => {
    const { env, gcs } = servers();
    const proxy = await startGcsProxy(gcs.endpoint);
    onTestFinished(() => proxy.stop());
    const place = await madeGcpPlace(servers());
    const server = await serveGcp(place, { ...env, STORAGE_EMULATOR_HOST: proxy.endpoint });
    const writers = new SteadyWriters(place.url, WRITERS);
    const left = [...bucketFaults(), ...bucketFaults()];
    const happened = new Set<BucketFault>();
    for (const each of left) {
      let isDue = true;
      proxy.inject(({ operation }) => {
        if (!isDue || operation !== each.operation) return undefined;
        isDue = false;
        happened.add(each);
        return each.fault;
      });
      const end = performance.now() + 10_000;
      while (isDue && performance.now() < end) await pause(10);
      await pause(50);
    }
    proxy.inject();
    expect(happened.size).toBe(left.length);
    expect(await writers.finish()).toBeGreaterThan(WRITERS);
    await writers.expectKept(place);
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    await expectSound(place);
  });
});
