import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere } from '../testing/running-log.ts';
import { RunningProcess } from '../testing/running-process.ts';

const REFERENCE = fileURLToPath(new URL('../../../../.tools/bin/rekor-server-posix', import.meta.url));

async function post(place: LogPlace, text: string): Promise<EntryJson> {
  const response = await postEntry(place.url, entryRequest(text));
  expect(response.status).toBe(201);
  return (await response.json()) as EntryJson;
}

test('a log that rekor-server-posix wrote is adopted with the same flags and goes on: old entries and checkpoints hold', async ({
  skip,
}) => {
  skip(
    !existsSync(REFERENCE) && process.env.TILEWRIGHT_REQUIRE_ALL !== '1',
    'rekor-server-posix is not there: run tools/install',
  );
  const place = await logPlace();
  const flags = [...place.flags, '--checkpoint-interval=100ms', '--batch-max-age=20ms'];
  const theirs = new RunningProcess(['serve', ...flags], { program: REFERENCE });
  await theirs.ready(`${place.url}/healthz`);
  const old = await Promise.all(['a', 'b', 'c'].map((text) => post(place, text)));
  const checkpoint = join(place.directory, 'old-checkpoint');
  writeFileSync(checkpoint, old.at(-1)?.inclusionProof.checkpoint.envelope ?? '');
  const adopt = () => runCli(['log', 'adopt', place.storage, '--vkey', place.key.vkey]);
  expect((await runCli(['serve', ...flags])).status).toBe(2);
  expect(await adopt()).toMatchObject({ status: 2, err: expect.stringContaining(`process ${theirs.child.pid} (`) });
  theirs.child.kill('SIGTERM');
  expect(await theirs.ended).toBe(0);

  expect(await adopt()).toMatchObject({ status: 0, err: '' });
  expect(readdirSync(place.storage)).toContain('.state.before-adoption');
  await serveHere(place, ...flags.slice(place.flags.length));
  expect((await post(place, 'd')).logIndex).toBe('3');
  for (const { logIndex, canonicalizedBody } of old) {
    const { out } = await runCli(['log', 'prove', place.url, logIndex, '--vkey', place.key.vkey, '--json']);
    expect(JSON.parse(out)).toMatchObject({ entry: canonicalizedBody, treeSize: 4 });
  }
  const consistent = await runCli([
    'log',
    'prove',
    place.url,
    '--old-checkpoint',
    checkpoint,
    '--vkey',
    place.key.vkey,
  ]);
  expect(consistent).toMatchObject({ status: 0, err: '' });
  expect((await runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey])).status).toBe(0);
});
