import { randomBytes } from 'node:crypto';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { openGcpStore, parseSpannerPath } from '@tilewright/store-gcp';
import {
  type GcsFault,
  type GcsRequest,
  type GrpcFault,
  GrpcProxy,
  startGcsProxy,
} from '@tilewright/store-gcp/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  expectSound,
  madeGcpPlace,
  publishedEntries,
  publishedSize,
  serveGcp,
} from '../../testing/gcp/gcp-replicas.ts';
import { type GcpLogPlace, type GcpServers, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { type Acknowledged, SteadyWriters } from '../../testing/gcp/steady-writers.ts';

const [ABORTED, UNAVAILABLE, DEADLINE_EXCEEDED] = [10, 14, 4];
const WRITERS = 8;
/** A call of each kind is made within this, milliseconds; the server gets over one fault before the next comes. */
const HAPPENS_MS = 15_000;
const AFTER_MS = 200;

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

/** Entries that another replica would sequence and leave to this one: it has to read them from the database. */
interface Others {
  readonly acknowledged: readonly Acknowledged[];
  /** Resolves with how many there were. */
  finish(): Promise<number>;
}

async function appendPast(place: GcpLogPlace, { spanner, gcs }: GcpServers): Promise<Others> {
  const entropy = realEntropy();
  const { origin, logId } = place.key;
  const store = await openGcpStore({
    bucket: { bucket: place.bucket, prefix: '', endpoint: gcs.endpoint },
    spanner: { ...parseSpannerPath(place.database), tablePrefix: '', emulator: spanner.host },
    identity: { origin, logId, entries: 'rekor' },
    dedupe: false,
    clock: realClock(),
    entropy,
  });
  const over = new AbortController();
  const acknowledged: Acknowledged[] = [];
  const append = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const bytes = randomBytes(100);
      const index = await store.sequence.append([bytes], entropy.token(), new AbortController().signal);
      acknowledged.push({ index, body: bytes.toString('base64') });
      await pause(200);
    }
  };
  const appending = append();
  return {
    acknowledged,
    finish: async () => {
      over.abort();
      await appending;
      await store.close();
      return acknowledged.length;
    },
  };
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
    const others = await appendPast(place, servers());
    const writers = new SteadyWriters(place.url, WRITERS);
    for (const fault of [...spannerFaults(), LATE]) {
      proxy.inject(fault);
      await expect.poll(() => proxy.allHappened, { timeout: HAPPENS_MS, interval: 10 }).toBe(true);
      await pause(AFTER_MS);
      await proxy.letGo();
    }
    expect(await writers.finish()).toBeGreaterThan(WRITERS);
    const appended = await others.finish();
    expect(appended).toBeGreaterThan(10);
    // What others sequence is theirs to publish: a server that is told to end does not wait for it.
    const last = others.acknowledged[appended - 1]?.index ?? 0;
    await expect.poll(() => publishedSize(place), { timeout: 30_000 }).toBeGreaterThan(last);
    await writers.expectKept(place);
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    await expectSound(place);
    const entries = await publishedEntries(place);
    for (const { index, body } of others.acknowledged) expect(entries[index]).toBe(body);
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
      const end = performance.now() + HAPPENS_MS;
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
