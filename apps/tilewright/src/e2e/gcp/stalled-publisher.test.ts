import { type GcsFaults, startGcsProxy } from '@tilewright/store-gcp/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import {
  anotherReplica,
  expectSound,
  madeGcpPlace,
  publishedEntries,
  publishedSize,
  serveGcp,
} from '../../testing/gcp/gcp-replicas.ts';
import { type GcpLogPlace, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';

/** Longer than the pause between two checkpoints, and than the courtesy that replicas show to whoever published last. */
const STALLED_MS = 4_000;

/** Lets `act` happen when the first request that `is` the one meets the proxy, which then holds it until `until`. */
function stopAt(is: (operation: string) => boolean, act: () => void, until: Promise<void>, isAfter = false): GcsFaults {
  let isDone = false;
  return async ({ operation, name }) => {
    if (isDone || name !== 'checkpoint' || !is(operation)) return undefined;
    isDone = true;
    act();
    // The server does its part, and the answer is lost: whoever asked asks again.
    if (isAfter) return { kind: 'reset', after: true };
    await until;
    return undefined;
  };
}

/** Watches that the published checkpoint never goes back, until it is told to end; how many it saw. */
async function watch(place: GcpLogPlace, over: AbortSignal): Promise<number> {
  let size = 0;
  let seen = 0;
  while (!over.aborted) {
    const now = await publishedSize(place);
    if (now < size) throw new Error(`the published checkpoint went from ${size} back to ${now}`);
    if (now > size) seen += 1;
    size = now;
    await pause(20);
  }
  return seen;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(SKIPS_GCP)('a publisher that stands still with the newest generation in hand', () => {
  const servers = gcpServers();

  test.each([
    [
      'its checkpoint is on the way, and arrives when a newer one is there',
      (operation: string) => operation === 'insert',
      false,
    ],
    [
      'it has read the generation, and sends its checkpoint when it wakes up',
      (operation: string) => operation === 'get',
      false,
    ],
    [
      'its checkpoint was stored, and it learns so when a newer one is there',
      (operation: string) => operation === 'insert',
      true,
    ],
  ])('%s', async (_, is, isAfter) => {
    const { gcs, env } = servers();
    const proxy = await startGcsProxy(gcs.endpoint);
    onTestFinished(() => proxy.stop());
    const place = await madeGcpPlace(servers());
    const stalled = await serveGcp(place, { ...env, STORAGE_EMULATOR_HOST: proxy.endpoint });
    const otherPlace = await anotherReplica(place);
    const other = await serveGcp(otherPlace, env);
    expect((await postEntry(place.url, entryRequest('before'))).status).toBe(201);

    const over = new AbortController();
    const watching = watch(place, over.signal);
    watching.catch(() => undefined);
    const stopped = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const stop = (): void => {
      stalled.child.kill('SIGSTOP');
      stopped.resolve();
    };
    onTestFinished(() => void stalled.child.kill('SIGCONT'));
    proxy.inject(stopAt(is, stop, letGo.promise, isAfter));
    const waiting = postEntry(place.url, entryRequest('of the stalled one'));
    await stopped.promise;

    const since = performance.now();
    const meanwhile: EntryJson[] = [];
    while (performance.now() - since < STALLED_MS) {
      const answer = await postEntry(otherPlace.url, entryRequest(`meanwhile ${meanwhile.length}`));
      expect(answer.status).toBe(201);
      meanwhile.push((await answer.json()) as EntryJson);
    }
    expect(meanwhile.length).toBeGreaterThanOrEqual(2);
    const newest = await publishedSize(place);
    expect(newest).toBeGreaterThan(Number(meanwhile[0]?.inclusionProof.treeSize));
    const note = await (await fetch(`${place.publicUrl}/checkpoint`)).text();

    letGo.resolve();
    await pause(200);
    // What was on the way has arrived by now, and the one who sent it still stands still.
    expect(await (await fetch(`${place.publicUrl}/checkpoint`)).text()).toBe(note);
    stalled.child.kill('SIGCONT');
    const late = await waiting;
    expect(late.status).toBe(201);
    const lateEntry = (await late.json()) as EntryJson;
    expect(Number(lateEntry.inclusionProof.treeSize)).toBeGreaterThan(Number(lateEntry.logIndex));
    expect(await publishedSize(place)).toBeGreaterThanOrEqual(newest);

    const after = await postEntry(place.url, entryRequest('afterwards'));
    expect(after.status).toBe(201);
    const afterEntry = (await after.json()) as EntryJson;
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    expect((await postEntry(otherPlace.url, entryRequest('and the other'))).status).toBe(201);
    over.abort();
    expect(await watching).toBeGreaterThan(3);

    for (const server of [stalled, other]) server.child.kill('SIGTERM');
    expect(await Promise.all([stalled.ended, other.ended])).toEqual([0, 0]);
    await expectSound(place);
    const entries = await publishedEntries(place);
    for (const entry of [...meanwhile, lateEntry, afterEntry])
      expect(entries[Number(entry.logIndex)]).toBe(entry.canonicalizedBody);
    expect(new Set(entries).size).toBe(entries.length);
  });
});
