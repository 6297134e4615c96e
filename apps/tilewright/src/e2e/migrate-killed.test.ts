import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import { builtLog, writeLog } from '../testing/built-log.ts';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace } from '../testing/running-log.ts';
import { RunningProcess } from '../testing/running-process.ts';

const KILLS = 10;
const SIZE = 70_000;
const FILLING = '.'.repeat(880);

/** The public files of a directory, with their bytes. */
function publicFiles(directory: string): ReadonlyMap<string, Buffer> {
  const paths = (readdirSync(directory, { recursive: true }) as string[]).filter(
    (path) => !path.startsWith('.state') && statSync(join(directory, path)).isFile(),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(directory, path))]));
}

/** Resolves when this process holds the lock of the directory, or has ended. */
async function holding(storage: string, { child, ended }: RunningProcess): Promise<void> {
  const owner = join(storage, '.state/owner.json');
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && !(existsSync(owner) && readFileSync(owner, 'utf8').includes(`${child.pid}`))) await later(5);
}

const arguments_ = (from: string, storage: string, { key }: LogPlace): string[] => [
  ...['log', 'migrate', '--from', from, '--storage-dir', storage, '--vkey', key.vkey],
];

test(`a migration that is killed ${KILLS} times at random ends with the very bytes of one that is not`, async () => {
  const place = await logPlace();
  const at = (name: string): string => join(place.directory, name);
  writeLog(await builtLog(place.key, SIZE, { entry: (i) => encodeUtf8(`entry ${i} ${FILLING}`) }), at('from'));
  expect(await runCli(arguments_(at('from'), at('calm'), place))).toMatchObject({ status: 0, err: '' });

  const storage = at('killed');
  const argv = arguments_(at('from'), storage, place);
  let halves = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const run = new RunningProcess(argv);
    await holding(storage, run);
    await later(Math.random() * 400);
    run.child.kill('SIGKILL');
    const status = await run.ended;
    if (status === 0) break;
    expect([status, run.err]).toEqual(['SIGKILL', '']);
    if (existsSync(join(storage, 'checkpoint'))) continue;
    halves += 1;
    const served = await runCli(['log', 'status', storage, '--vkey', place.key.vkey]);
    expect(served).toMatchObject({ status: 1, err: expect.stringContaining('has no checkpoint') });
  }
  expect(halves).toBeGreaterThan(0);
  expect(await runCli(argv)).toMatchObject({ status: 0, err: '' });
  const [calm, killed] = [publicFiles(at('calm')), publicFiles(storage)];
  expect([...killed.keys()]).toEqual([...calm.keys()]);
  for (const [path, bytes] of calm) expect([path, killed.get(path)?.equals(bytes)]).toEqual([path, true]);
  expect(await runCli(['log', 'fsck', storage, '--vkey', place.key.vkey])).toMatchObject({ status: 0, err: '' });
}, 120_000);
