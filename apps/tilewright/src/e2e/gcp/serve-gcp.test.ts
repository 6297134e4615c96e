import { describe, expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import { type GcpLogPlace, gcpLogPlace, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { runCli } from '../../testing/run-cli.ts';
import { RunningProcess } from '../../testing/running-process.ts';

describe.skipIf(SKIPS_GCP)('a log in a bucket and a database', () => {
  const servers = gcpServers();

  async function madePlace(): Promise<GcpLogPlace> {
    const place = await gcpLogPlace(servers());
    const { status, err } = await runCli(['db', 'init', '--create', '--gcp-spanner', place.database], servers().env);
    expect([status, err]).toEqual([0, '']);
    return place;
  }

  const start = (place: GcpLogPlace, ...more: readonly string[]): RunningProcess =>
    new RunningProcess(['serve', ...place.flags, ...more], { env: servers().env });

  async function serve(place: GcpLogPlace, ...more: readonly string[]): Promise<RunningProcess> {
    const server = start(place, ...more);
    await server.ready(`${place.url}/readyz`);
    return server;
  }

  test('starts, takes entries, is read from the bucket, stops with 0, and goes on where it was', async () => {
    const place = await madePlace();
    const first = await serve(place);
    const body = entryRequest('hello');
    const created = await postEntry(place.url, body);
    expect(created.status).toBe(201);
    expect(((await created.json()) as EntryJson).logIndex).toBe('0');
    expect((await postEntry(place.url, body)).status).toBe(409);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const checkpoint = await fetch(`${place.publicUrl}/checkpoint`);
    expect(checkpoint.headers.get('cache-control')).toBe('no-cache');
    expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const tile = await fetch(`${place.publicUrl}/tile/0/000.p/1`);
    expect(tile.headers.get('cache-control')).toBe('max-age=604800,immutable');
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
    expect((await runCli(['log', 'fsck', place.publicUrl, '--vkey', place.key.vkey])).status).toBe(0);

    const second = await serve(place);
    expect((await postEntry(place.url, body)).status).toBe(409);
    const next = (await (await postEntry(place.url, entryRequest('again'))).json()) as EntryJson;
    expect(next.logIndex).toBe('1');
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('is served by threads that read the bucket by themselves', async () => {
    const place = await madePlace();
    const server = await serve(place, '--http-workers=2');
    const bodies = Array.from({ length: 20 }, (_, n) => entryRequest(`entry ${n}`));
    const answers = await Promise.all(bodies.map((body) => postEntry(place.url, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await runCli(['log', 'fsck', place.url, '--vkey', place.key.vkey])).status).toBe(0);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  test('is served for reading without the database', async () => {
    const place = await madePlace();
    const early = start(place, '--read-only');
    expect([await early.ended, early.err]).toEqual([2, expect.stringContaining('there is no log in gs://')]);
    const writer = await serve(place);
    expect((await postEntry(place.url, entryRequest('one'))).status).toBe(201);
    writer.child.kill('SIGTERM');
    await writer.ended;
    const flags = place.flags.map((word) => (word === place.database ? `${word}-none` : word));
    const reader = new RunningProcess(['serve', ...flags, '--read-only'], { env: servers().env });
    await reader.ready(`${place.url}/readyz`);
    expect((await postEntry(place.url, entryRequest('two'))).status).toBe(405);
    expect(await (await fetch(`${place.url}/api/v2/checkpoint`)).text()).toMatch(/^localhost\n1\n/);
    reader.child.kill('SIGTERM');
    expect(await reader.ended).toBe(0);
  });

  test('a start that contradicts what is there is refused with 2, and says why', async () => {
    const bare = await gcpLogPlace(servers());
    const noDatabase = start(bare);
    expect([await noDatabase.ended, noDatabase.err]).toEqual([2, expect.stringContaining('db init --create')]);

    const place = await madePlace();
    const noBucket = start(place, '--gcp-bucket', 'no-such-bucket');
    expect([await noBucket.ended, noBucket.err]).toEqual([2, expect.stringContaining('there is no bucket')]);
    const server = await serve(place);
    server.child.kill('SIGTERM');
    await server.ended;
    const other = await madePlace();
    const otherKey = start(place, '--signer-filepath', other.keyFile);
    expect([await otherKey.ended, otherKey.err]).toEqual([2, expect.stringContaining('belong to the log')]);
    const newTables = start(other, '--gcp-bucket', place.bucket);
    expect([await newTables.ended, newTables.err]).toEqual([1, expect.stringContaining('the tables are new')]);
  });
});
