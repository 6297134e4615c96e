import { describe, expect, test } from 'vitest';
import { entryRequest, postEntry } from '../../testing/entry-request.ts';
import { gcpLogPlace, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { runCli } from '../../testing/run-cli.ts';
import { RunningProcess } from '../../testing/running-process.ts';

describe.skipIf(SKIPS_GCP)('the end of a log in a bucket', () => {
  const servers = gcpServers();

  test('is published beside a replica that runs on, which takes nothing more; afterwards serve only reads', async () => {
    const { env } = servers();
    const place = await gcpLogPlace(servers());
    const freeze = (...more: readonly string[]) => {
      const [bucket, name, spanner, database, ...rest] = place.flags;
      const signer = rest.slice(0, 4);
      return runCli(
        ['log', 'freeze', bucket ?? '', name ?? '', spanner ?? '', database ?? '', ...signer, ...more],
        env,
      );
    };
    expect((await runCli(['db', 'init', '--create', '--gcp-spanner', place.database], env)).status).toBe(0);
    expect(await freeze('--yes')).toMatchObject({ status: 2, err: expect.stringContaining('there is no log in') });

    const server = new RunningProcess(['serve', ...place.flags], { env });
    await server.ready(`${place.url}/readyz`);
    expect((await postEntry(place.url, entryRequest('one'))).status).toBe(201);
    expect(await freeze()).toMatchObject({ status: 2, err: expect.stringContaining('--yes') });
    const frozen = await freeze('--yes', '--json');
    expect([frozen.status, frozen.err]).toEqual([0, '']);
    expect(JSON.parse(frozen.out)).toMatchObject({ origin: 'localhost', size: 1 });
    const published = await fetch(`${place.publicUrl}/checkpoint`);
    expect(published.headers.get('cache-control')).toBe('no-cache');
    const note = await published.text();
    expect(note).toMatch(
      /^localhost\n1\n[^\n]+\nLog frozen — [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} UTC \d{4}\n\n/,
    );
    expect((await postEntry(place.url, entryRequest('two'))).status).toBe(405);
    expect((await freeze('--yes')).status).toBe(0);
    expect(await (await fetch(`${place.publicUrl}/checkpoint`)).text()).toBe(note);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);

    const again = new RunningProcess(['serve', ...place.flags], { env });
    await again.ready(`${place.url}/readyz`);
    expect((await postEntry(place.url, entryRequest('three'))).status).toBe(405);
    expect(await (await fetch(`${place.url}/checkpoint`)).text()).toBe(note);
    expect((await runCli(['log', 'fsck', place.url, '--vkey', place.key.vkey])).status).toBe(0);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });
});
