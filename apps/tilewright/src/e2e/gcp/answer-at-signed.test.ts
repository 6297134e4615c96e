import { setTimeout as later } from 'node:timers/promises';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { describe, expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import { anotherReplica, expectSound } from '../../testing/gcp/gcp-replicas.ts';
import { type GcpLogPlace, gcpLogPlace, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { SteadyWriters } from '../../testing/gcp/steady-writers.ts';
import { runCli } from '../../testing/run-cli.ts';
import { RunningProcess } from '../../testing/running-process.ts';

const INTERVAL_MS = 1_100;

describe.skipIf(SKIPS_GCP)('serve --answer-at=signed', () => {
  const servers = gcpServers();

  async function serve(place: GcpLogPlace, ...more: readonly string[]): Promise<RunningProcess> {
    const flags = ['serve', ...place.flags, '--answer-at=signed', ...more];
    const server = new RunningProcess(flags, { env: servers().env });
    await server.ready(`${place.url}/readyz`);
    return server;
  }

  async function madePlace(): Promise<GcpLogPlace> {
    const place = await gcpLogPlace(servers());
    expect((await runCli(['db', 'init', '--create', '--gcp-spanner', place.database], servers().env)).status).toBe(0);
    return place;
  }

  const sizeAt = async (url: string): Promise<number> => Number((await (await fetch(url)).text()).split('\n')[1]);

  test('a lone writer is answered long before the checkpoint may change, with a note that stays', async () => {
    const place = await madePlace();
    const server = await serve(place);
    const took: number[] = [];
    const answers: EntryJson[] = [];
    let ahead = 0;
    for (let n = 0; n < 40; n++) {
      await later(40);
      const at = performance.now();
      const answer = await postEntry(place.url, entryRequest(`entry ${n}`));
      took.push(performance.now() - at);
      expect(answer.status).toBe(201);
      answers.push((await answer.json()) as EntryJson);
      if ((await sizeAt(`${place.publicUrl}/checkpoint`)) <= n) ahead += 1;
    }
    const p50 = took.toSorted((a, b) => a - b)[20];
    expect(p50, `${took.map(Math.round)} ms`).toBeLessThan(200);
    expect(ahead).toBeGreaterThan(20);
    for (const { inclusionProof } of answers) {
      const { treeSize, rootHash, checkpoint } = inclusionProof;
      const kept = await fetch(`${place.publicUrl}/checkpoints/${treeSize}`);
      const note = new Uint8Array(await kept.arrayBuffer());
      const opened = openCheckpoint(note, 'localhost', place.key.verifier);
      expect([String(opened.size), Buffer.from(opened.root).toString('base64')]).toEqual([treeSize, rootHash]);
      expect(new TextDecoder().decode(note)).toBe(checkpoint.envelope);
      expect(kept.headers.get('cache-control')).toBe('max-age=604800,immutable');
    }
    const until = performance.now() + 2 * INTERVAL_MS;
    while ((await sizeAt(`${place.publicUrl}/checkpoint`)) < 40 && performance.now() < until) await later(20);
    expect(await sizeAt(`${place.publicUrl}/checkpoint`)).toBe(40);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect((await runCli(['log', 'fsck', place.publicUrl, '--vkey', place.key.vkey])).status).toBe(0);
  }, 60_000);

  test('what was answered ahead by a process that is killed is published by the next one', async () => {
    const place = await madePlace();
    const first = await serve(place, '--http-workers=2');
    const bodies = Array.from({ length: 12 }, (_, n) => entryRequest(`entry ${n}`));
    const indexes: string[] = [];
    for (const body of bodies) {
      const answer = await postEntry(place.url, body);
      expect(answer.status).toBe(201);
      indexes.push(((await answer.json()) as EntryJson).logIndex);
    }
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await serve(place);
    expect(indexes).toEqual(bodies.map((_, n) => String(n)));
    for (const body of bodies) expect((await postEntry(place.url, body)).status).toBe(409);
    expect(await sizeAt(`${place.publicUrl}/checkpoint`)).toBe(12);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect((await runCli(['log', 'fsck', place.publicUrl, '--vkey', place.key.vkey])).status).toBe(0);
  }, 60_000);

  test('two replicas answer ahead of each other, publish in time, and one that is told to end publishes what it answered', async () => {
    const place = await madePlace();
    const otherPlace = await anotherReplica(place);
    const [one, other] = [await serve(place), await serve(otherPlace)];
    const writers = [new SteadyWriters(place.url, 6), new SteadyWriters(otherPlace.url, 6)];
    const notReady: string[] = [];
    for (const end = performance.now() + 5_000; performance.now() < end; await later(100)) {
      for (const { url } of [place, otherPlace]) {
        const answer = await fetch(`${url}/readyz`);
        if (answer.status !== 200) notReady.push(await answer.text());
      }
    }
    const counts = await Promise.all(writers.map((each) => each.finish()));
    expect(notReady).toEqual([]);
    // A checkpoint at each 1.1 s would have answered each writer five times.
    expect(Math.max(...counts)).toBeGreaterThan(6 * 6);
    for (const server of [one, other]) {
      server.child.kill('SIGTERM');
      expect(await server.ended).toBe(0);
    }
    for (const each of writers) await each.expectKept(place);
    await expectSound(place);
  }, 60_000);

  test('is refused with 2 for a log in a directory', async () => {
    const place = await madePlace();
    const refused = new RunningProcess([
      'serve',
      '--storage-dir',
      '/nowhere',
      ...place.flags.slice(4),
      '--answer-at=signed',
    ]);
    expect([await refused.ended, refused.err]).toEqual([2, expect.stringContaining('publishes in a few milliseconds')]);
  });
});
