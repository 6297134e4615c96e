import { describe, expect, test } from 'vitest';
import { gcpLogPlace, gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { runCli } from '../../testing/run-cli.ts';

describe.skipIf(SKIPS_GCP)('tables of a log', () => {
  const servers = gcpServers();

  test('are made once, checked, and found again', async () => {
    const { env } = servers();
    const { database } = await gcpLogPlace(servers());
    const db = (...words: readonly string[]) => runCli(['db', ...words, '--gcp-spanner', database], env);
    const missing = await db('check');
    expect([missing.status, missing.out]).toEqual([1, expect.stringContaining('db init --create')]);
    const refused = await db('init');
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('--create')]);
    expect(JSON.parse((await db('init', '--create', '--json')).out)).toEqual({ database, tables: 'created' });
    expect(JSON.parse((await db('init', '--json')).out)).toEqual({ database, tables: 'exists' });
    expect(await db('check')).toMatchObject({ status: 0, out: expect.stringContaining('at its first start') });
    expect(await db('migrate')).toMatchObject({ status: 0, out: expect.stringContaining('current') });
  });

  test('of two logs stand in one database by their prefixes', async () => {
    const { env } = servers();
    const { database } = await gcpLogPlace(servers());
    const words = ['--gcp-spanner', database, '--gcp-spanner-table-prefix', 'second_'];
    expect((await runCli(['db', 'init', '--create', '--gcp-spanner', database], env)).status).toBe(0);
    expect((await runCli(['db', 'check', ...words], env)).status).toBe(1);
    expect((await runCli(['db', 'init', ...words], env)).status).toBe(0);
    expect((await runCli(['db', 'check', ...words], env)).status).toBe(0);
  });

  test('a database that is none, and one that is not named, are refused', async () => {
    const { env } = servers();
    for (const [words, message] of [
      [[], '--gcp-spanner must be set'],
      [['--gcp-spanner', 'log'], 'projects/P/instances/I/databases/D'],
      [['--gcp-spanner', 'projects/p1/instances/i1/databases/d1', '--gcp-spanner-table-prefix', '1;'], 'prefix'],
    ] as const) {
      const { status, err } = await runCli(['db', 'check', ...words], env);
      expect([status, err]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
