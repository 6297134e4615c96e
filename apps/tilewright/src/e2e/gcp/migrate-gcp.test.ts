import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entryRequest, postEntry } from '../../testing/entry-request.ts';
import { gcpLogPlace, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { runCli } from '../../testing/run-cli.ts';
import { logPlace, serveLog } from '../../testing/running-log.ts';
import { RunningProcess } from '../../testing/running-process.ts';

const ENTRIES = 40;

describe.skipIf(SKIPS_GCP)('a log moves', () => {
  const servers = gcpServers();

  test('from a directory into a bucket, goes on there, and moves back into another directory', async () => {
    const { env } = servers();
    const home = await logPlace();
    const local = await serveLog(home);
    const bodies = Array.from({ length: ENTRIES }, (_, n) => entryRequest(`entry ${n}`));
    for (const body of bodies) expect((await postEntry(home.url, body)).status).toBe(201);
    local.child.kill('SIGTERM');
    await local.ended;

    const cloud = await gcpLogPlace(servers());
    const bucket = `gs://${cloud.bucket}`;
    const key = ['--vkey', home.key.vkey];
    const to = ['--gcp-bucket', cloud.bucket, '--gcp-spanner', cloud.database];
    const migrate = ['log', 'migrate', '--from', home.storage, ...to, ...key, '--json'];
    const early = await runCli(migrate, env);
    expect([early.status, early.err]).toEqual([2, expect.stringContaining('db init --create')]);
    expect((await runCli(['db', 'init', '--create', '--gcp-spanner', cloud.database], env)).status).toBe(0);
    const moved = await runCli(migrate, env);
    expect([moved.status, moved.err]).toEqual([0, '']);
    expect(JSON.parse(moved.out)).toMatchObject({ size: ENTRIES, copied: ENTRIES, published: true });
    expect(JSON.parse((await runCli(migrate, env)).out)).toMatchObject({ copied: 0, published: false });
    expect(await runCli(['log', 'mirror-check', home.storage, bucket, ...key], env)).toMatchObject({ status: 0 });
    expect(await runCli(['log', 'fsck', bucket, ...key], env)).toMatchObject({ status: 0 });

    // The bucket's server has the key of the log that came.
    const flags = cloud.flags.map((word) => (word === cloud.keyFile ? home.keyFile : word));
    const server = new RunningProcess(['serve', ...flags], { env });
    await server.ready(`${cloud.url}/readyz`);
    expect((await postEntry(cloud.url, bodies[7] ?? '')).status).toBe(409);
    expect(await (await postEntry(cloud.url, entryRequest('new'))).json()).toMatchObject({ logIndex: `${ENTRIES}` });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);

    const back = join(home.directory, 'back');
    const returned = await runCli(['log', 'migrate', '--from', bucket, '--storage-dir', back, ...key, '--json'], env);
    expect(JSON.parse(returned.out)).toMatchObject({ size: ENTRIES + 1, published: true });
    expect(await runCli(['log', 'mirror-check', back, bucket, ...key], env)).toMatchObject({ status: 0 });
  });

  test('a bucket that is named in a wrong way, or that is not there, is refused', async () => {
    const { env } = servers();
    const { key } = await logPlace();
    const fsck = (word: string) => runCli(['log', 'fsck', word, '--vkey', key.vkey], env);
    expect(await fsck('gs://B')).toMatchObject({ status: 2, err: expect.stringContaining('a bucket is named by') });
    expect(await fsck('gs://no-such-bucket')).toMatchObject({
      status: 1,
      err: expect.stringContaining('there is no bucket'),
    });
  });

  test('a command that reads a bucket ends when it is done', async () => {
    const { env } = servers();
    const { bucket, key } = await gcpLogPlace(servers());
    const command = new RunningProcess(['log', 'status', `gs://${bucket}`, '--vkey', key.vkey], { env });
    expect(await command.ended).toBe(1);
  });
});
