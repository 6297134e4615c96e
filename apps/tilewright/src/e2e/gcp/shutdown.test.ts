import { describe, expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import {
  anotherReplica,
  expectSound,
  madeGcpPlace,
  publishedEntries,
  publishedSize,
  serveGcp,
} from '../../testing/gcp/gcp-replicas.ts';
import { gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';

const WRITERS = 16;
const LOADED_MS = 3_000;
const TIMEOUT_MS = 15_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(SKIPS_GCP)('SIGTERM under load', () => {
  const servers = gcpServers();

  test('ends one replica in order, within its bound; what it acknowledged is published, and the other goes on', async () => {
    const { env } = servers();
    const place = await madeGcpPlace(servers());
    const leaving = await serveGcp(place, env, `--tlog-timeout=${TIMEOUT_MS}ms`);
    const otherPlace = await anotherReplica(place);
    const other = await serveGcp(otherPlace, env);
    const acknowledged: EntryJson[] = [];
    const odd: string[] = [];
    let isLeaving = false;
    const write = async (url: string, name: string, over: () => boolean): Promise<void> => {
      for (let n = 0; !over(); n++) {
        const answer = await postEntry(url, entryRequest(`${name}/${n}`)).catch(() => undefined);
        if (answer === undefined) {
          if (!isLeaving) odd.push('a request got no answer');
          return;
        }
        const text = await answer.text();
        if (answer.status === 201) acknowledged.push(JSON.parse(text) as EntryJson);
        else if (answer.status !== 503 || !isLeaving) odd.push(`${answer.status} ${text}`);
        else await pause(20);
      }
    };
    let isOver = false;
    const writers = Array.from({ length: WRITERS }, (_, n) => write(place.url, `a${n}`, () => isOver));
    const others = Array.from({ length: 4 }, (_, n) => write(otherPlace.url, `b${n}`, () => isOver));
    await pause(LOADED_MS);

    isLeaving = true;
    const since = performance.now();
    leaving.child.kill('SIGTERM');
    expect(await leaving.ended).toBe(0);
    expect(performance.now() - since).toBeLessThan(TIMEOUT_MS);
    // Nothing that was acknowledged is left to others to publish.
    const promised = acknowledged.map(({ logIndex }) => Number(logIndex));
    expect(Math.max(...promised)).toBeLessThan(await publishedSize(place));
    await Promise.all(writers);
    expect(leaving.err + leaving.out).toContain('"msg":"stopped"');

    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before);
    isOver = true;
    await Promise.all(others);
    expect(odd).toEqual([]);
    other.child.kill('SIGTERM');
    expect(await other.ended).toBe(0);
    await expectSound(place);
    const entries = await publishedEntries(place);
    for (const entry of acknowledged) expect(entries[Number(entry.logIndex)]).toBe(entry.canonicalizedBody);
    expect(new Set(entries).size).toBe(entries.length);
  });
});
