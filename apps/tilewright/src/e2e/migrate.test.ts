import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { builtLog, writeLog } from '../testing/built-log.ts';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere } from '../testing/running-log.ts';
import { RunningProcess } from '../testing/running-process.ts';

const REFERENCE = fileURLToPath(new URL('../../../../.tools/bin/rekor-server-posix', import.meta.url));

const keyOf = ({ key }: LogPlace): string[] => ['--vkey', key.vkey];
const migrate = (place: LogPlace, from: string, ...more: readonly string[]) =>
  runCli(['log', 'migrate', '--from', from, '--storage-dir', place.storage, ...keyOf(place), ...more]);
const fsck = (place: LogPlace) => runCli(['log', 'fsck', place.storage, ...keyOf(place)]);

/** Another place for the same log: a directory and ports of its own. */
async function movedPlace(place: LogPlace): Promise<LogPlace> {
  const other = await logPlace();
  const flags = other.flags.map((word) => (word === other.keyFile ? place.keyFile : word));
  return { ...other, key: place.key, keyFile: place.keyFile, flags };
}

async function post(place: LogPlace, text: string): Promise<EntryJson> {
  const response = await postEntry(place.url, entryRequest(text));
  expect(response.status).toBe(201);
  return (await response.json()) as EntryJson;
}

test('a served log is copied by URL, followed, and served on from its new place', async () => {
  const place = await logPlace();
  const server = await serveHere(place);
  const repeated = entryRequest('repeated');
  expect((await postEntry(place.url, repeated)).status).toBe(201);
  const answers = [await post(place, 'b')];
  const moved = await movedPlace(place);
  const first = await migrate(moved, place.url, '--json');
  expect([first.status, first.err]).toEqual([0, '']);
  expect(JSON.parse(first.out)).toMatchObject({
    destination: moved.storage,
    origin: 'localhost',
    size: 2,
    copied: 2,
    published: true,
  });
  expect(await fsck(moved)).toMatchObject({ status: 0, err: '' });
  answers.push(await post(place, 'c'));
  expect(await server.stop()).toBe(0);
  const second = await migrate(moved, place.storage);
  expect([second.status, second.err]).toEqual([0, '']);
  expect(second.out).toMatch(/Entries: +3\nCopied now: +1\n/);
  const third = await migrate(moved, place.storage);
  expect([third.status, third.out]).toEqual([
    0,
    expect.stringMatching(/Up to date: .*\n.*\nEntries: +3\nCopied now: +0\n/),
  ]);
  expect(readFileSync(join(moved.storage, 'checkpoint'))).toEqual(readFileSync(join(place.storage, 'checkpoint')));

  await serveHere(moved);
  expect((await post(moved, 'd')).logIndex).toBe('3');
  // Duplicates of what was copied are known: the index is made from the tiles.
  expect((await postEntry(moved.url, repeated)).status).toBe(409);
  for (const { logIndex, canonicalizedBody } of answers) {
    const { out } = await runCli(['log', 'prove', moved.url, logIndex, ...keyOf(moved), '--json']);
    expect(JSON.parse(out)).toMatchObject({ entry: canonicalizedBody, treeSize: 4 });
  }
  const same = await runCli(['log', 'mirror-check', place.storage, moved.url, ...keyOf(moved)]);
  expect([same.status, same.err]).toEqual([0, '']);
  expect(same.out).toContain('are equal up to size 3: 3 entries');
  expect(await fsck(moved)).toMatchObject({ status: 0, err: '' });
  // Once it was served on, the old place is no source of it any more.
  const back = await migrate(moved, place.storage);
  expect([back.status, back.err]).toEqual([2, expect.stringContaining('process ')]);
});

test("a log in rekor-server-posix's directory is copied while that server runs", async ({ skip }) => {
  skip(
    !existsSync(REFERENCE) && process.env.TILEWRIGHT_REQUIRE_ALL !== '1',
    'rekor-server-posix is not there: run tools/install',
  );
  const place = await logPlace();
  const flags = [...place.flags, '--checkpoint-interval=100ms', '--batch-max-age=20ms'];
  const theirs = new RunningProcess(['serve', ...flags], { program: REFERENCE });
  await theirs.ready(`${place.url}/healthz`);
  await Promise.all(['a', 'b', 'c'].map((text) => post(place, text)));
  const moved = await movedPlace(place);
  expect(await migrate(moved, place.storage)).toMatchObject({ status: 0, err: '' });
  expect(await fsck(moved)).toMatchObject({ status: 0, err: '' });
  await post(place, 'later');
  theirs.child.kill('SIGTERM');
  expect(await theirs.ended).toBe(0);
  expect(await migrate(moved, place.storage)).toMatchObject({ status: 0, err: '' });
  expect((await runCli(['log', 'mirror-check', place.storage, moved.storage, ...keyOf(moved)])).status).toBe(0);
  await serveHere(moved);
  expect((await post(moved, 'ours')).logIndex).toBe('4');
});

test('half of a log is not served, whether it is the first half or what a source has grown by', async () => {
  const place = await logPlace();
  const from = join(place.directory, 'from');
  const before = await builtLog(place.key, 300);
  writeLog(await builtLog(place.key, 900, { before }), from);
  const bundle = join(from, 'tile/entries/003.p/132');
  const good = readFileSync(bundle);
  rmSync(bundle);
  const broken = await migrate(place, from);
  expect([broken.status, broken.err]).toEqual([1, expect.stringContaining('tile/entries/003.p/132 is missing')]);
  const refused = async (): Promise<void> => {
    const { status, err } = await runCli(['serve', ...place.flags]);
    expect([status, err]).toEqual([2, expect.stringContaining("run 'tilewright log migrate' again")]);
    const adopt = await runCli(['log', 'adopt', place.storage, ...keyOf(place)]);
    expect(adopt.status).toBe(2);
  };
  await refused();
  const start = join(place.directory, 'start');
  writeLog(before, start);
  expect(await migrate(place, start)).toMatchObject({ status: 0, err: '' });
  expect((await migrate(place, from)).status).toBe(1);
  await refused();
  writeFileSync(bundle, good);
  expect(await migrate(place, from)).toMatchObject({ status: 0, err: '' });
  expect(await fsck(place)).toMatchObject({ status: 0, err: '' });
  await serveHere(place);
  expect((await post(place, 'next')).logIndex).toBe('900');
});

test('what cannot be a source or a destination is refused in a sentence', async () => {
  const place = await logPlace();
  const from = join(place.directory, 'from');
  writeLog(await builtLog(place.key, 3), from);
  const stranger = await logPlace();
  const another = join(place.directory, 'another');
  writeLog(await builtLog(stranger.key, 3), another);
  const foreign = join(place.directory, 'foreign');
  cpSync(from, foreign, { recursive: true });
  const at = (dir: string, ...more: readonly string[]) => ['--storage-dir', dir, ...more];
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [['--from', from, ...at(place.storage)], 2, 'whose log?'],
    [[...at(place.storage), ...keyOf(place)], 2, '--from'],
    [['--from', from, ...keyOf(place)], 2, '--storage-dir'],
    [['--from', 'ftp://x', ...at(place.storage), ...keyOf(place)], 2, 'an http, https or gs URL or a directory'],
    [['--from', join(place.directory, 'none'), ...at(place.storage), ...keyOf(place)], 2, 'there is no directory'],
    [['--from', from, ...at(from), ...keyOf(place)], 2, 'lie in each other'],
    [['--from', from, ...at(join(from, 'sub')), ...keyOf(place)], 2, 'lie in each other'],
    [['--from', from, ...at(foreign), ...keyOf(place)], 2, 'log adopt'],
    [['--from', from, ...at(place.keyFile), ...keyOf(place)], 2, 'is not a directory'],
    [['--from', another, ...at(join(place.directory, 'd1')), ...keyOf(place)], 1, 'cannot be trusted'],
    [['--from', place.directory, ...at(join(stranger.directory, 'd2')), ...keyOf(place)], 1, 'has no checkpoint'],
    [['--from', from, ...at(place.storage), ...keyOf(place), '--parallel', '0'], 2, '--parallel'],
  ];
  for (const [argv, expected, message] of cases) {
    const { status, err } = await runCli(['log', 'migrate', ...argv]);
    expect([argv, status, err]).toEqual([argv, expected, expect.stringContaining(message)]);
  }
  // A destination of another key, and one whose entries are of another kind.
  expect((await migrate(place, from)).status).toBe(0);
  const taken = await runCli(['log', 'migrate', '--from', another, ...at(place.storage), ...keyOf(stranger)]);
  expect([taken.status, taken.err]).toEqual([2, expect.stringContaining('has the key with id')]);
  const raw = await migrate(place, from, '--personality', 'raw');
  expect([raw.status, raw.err]).toEqual([2, expect.stringContaining('holds Rekor entries, not raw')]);
  expect(await fsck(place)).toMatchObject({ status: 0 });
});

test('the commands say what they do', async () => {
  const help = await runCli(['log', 'migrate', '--help']);
  expect([help.status, help.out]).toEqual([
    0,
    expect.stringMatching(/--from LOG[\s\S]*--storage-dir[\s\S]*--parallel/),
  ]);
  expect((await runCli(['log', 'mirror-check', '--help'])).out).toContain('first difference');
});

test('copies that differ: path, byte, sizes and whose it is, for people and for programs', async () => {
  const place = await logPlace();
  const [a, b] = [join(place.directory, 'a'), join(place.directory, 'b')];
  const log = await builtLog(place.key, 700);
  for (const directory of [a, b]) writeLog(log, directory);
  const check = (...more: readonly string[]) => runCli(['log', 'mirror-check', a, b, ...keyOf(place), ...more]);
  const json = await check('--json');
  expect([json.status, JSON.parse(json.out)]).toMatchObject([0, { equal: true, size: 700, a: { log: a, size: 700 } }]);
  const file = join(b, 'tile/0/001');
  const bytes = readFileSync(file);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const { status, out, err } = await check();
  expect([status, out]).toEqual([1, '']);
  expect(err).toContain('different: tile/0/001: the copies differ from byte 100 on (8192 and 8192 bytes)');
  expect(err).toContain(`error: that of ${b} is not what the log signed`);
  const found = await check('--json');
  expect([found.status, JSON.parse(found.out)]).toMatchObject([
    1,
    { equal: false, difference: { path: 'tile/0/001', offset: 100, sizes: { a: 8192, b: 8192 }, wrong: 'b' } },
  ]);
  rmSync(file);
  expect((await check()).err).toContain(`different: tile/0/001: ${b}: tile/0/001 is missing`);
  expect((await runCli(['log', 'mirror-check', a, b])).status).toBe(2);
  expect((await runCli(['log', 'mirror-check', a, ...keyOf(place)])).status).toBe(2);
  expect((await runCli(['log', 'mirror-check', a, place.directory, ...keyOf(place)])).status).toBe(1);
});
