import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { logPlace, serveHere } from '../testing/running-log.ts';

async function add(url: string, body: string): Promise<string> {
  const answer = await fetch(`${url}/add`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return answer.text();
}

test.each([1, 2])(
  'a raw log on %i threads takes what is posted, goes on after a restart, and is checked like any other',
  async (threads) => {
    const place = await logPlace();
    const first = await serveHere(place, '--personality=raw', `--http-workers=${threads}`);
    expect([await add(place.url, 'one'), await add(place.url, 'two'), await add(place.url, 'one')]).toEqual([
      '0',
      '1',
      '2',
    ]);
    expect(await first.stop()).toBe(0);
    const second = await serveHere(place, '--personality=raw');
    expect(await add(place.url, 'one')).toBe('3');
    expect(await second.stop()).toBe(0);
    expect(JSON.parse(readFileSync(join(place.storage, '.state/format.json'), 'utf8'))).toMatchObject({
      entries: 'raw',
    });
    const fsck = await runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey, '--json']);
    expect(fsck.status).toBe(0);
    expect(JSON.parse(fsck.out)).toMatchObject({ ok: true });
  },
);

test('a raw log that is asked to know duplicates answers with the index that they have', async () => {
  const place = await logPlace();
  const flags = ['--personality=raw', '--persistent-antispam'];
  const first = await serveHere(place, ...flags);
  expect([await add(place.url, 'one'), await add(place.url, 'one')]).toEqual(['0', '0']);
  expect(await first.stop()).toBe(0);
  const second = await serveHere(place, ...flags);
  expect([await add(place.url, 'two'), await add(place.url, 'one')]).toEqual(['1', '0']);
  expect(await second.stop()).toBe(0);
});

test('the directory of one personality is refused by the other', async () => {
  for (const [made, other, kind] of [
    ['raw', 'rekor', 'holds raw entries, not Rekor entries'],
    ['rekor', 'raw', 'holds Rekor entries, not raw entries'],
  ] as const) {
    const place = await logPlace();
    const server = await serveHere(place, `--personality=${made}`);
    expect(await server.stop()).toBe(0);
    const refused = await runCli(['serve', ...place.flags, `--personality=${other}`]);
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining(kind)]);
    const reading = await runCli(['serve', ...place.flags, `--personality=${other}`, '--read-only']);
    expect([reading.status, reading.err]).toEqual([2, expect.stringContaining(`has --personality ${made}`)]);
  }
});

test.each([
  ['--accept-dsse', '--accept-dsse means nothing to --personality raw'],
  ['--on-duplicate=return', '--on-duplicate means nothing to --personality raw'],
])('%s is refused for a raw log', async (flag, message) => {
  const place = await logPlace();
  const { status, err } = await runCli(['serve', ...place.flags, '--personality=raw', flag]);
  expect([status, err]).toEqual([2, expect.stringContaining(message)]);
});
