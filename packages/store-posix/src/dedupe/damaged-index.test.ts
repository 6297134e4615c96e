import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import { recordEvents } from '@tilewright/log/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dedupeFile } from './dedupe-file.ts';
import { SqliteDedupeIndex } from './sqlite-dedupe-index.ts';

const LOG = new Uint8Array(32).fill(1) as Uint8Array as Hash;
const LEAVES = Array.from({ length: 100 }, (_, n) => sha256(Uint8Array.of(n)));
const ALL = LEAVES.map((_, n) => n);
/** Of the hundred, some are merged, and several rows are not. */
const RUN = 45;
/** Where SQLite's header says which program may write the file. */
const WRITE_VERSION_AT = 18;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-dedupe-'));
  mkdirSync(join(dir, '.state'));
});
afterEach(() => rm(dir, { recursive: true }));

/** An index of all leaves, some of them moved to where they stay, as a process that was killed left it; then damaged. */
async function damaged(sql: string): Promise<{ index: SqliteDedupeIndex; events: ReturnType<typeof recordEvents> }> {
  const made = new SqliteDedupeIndex(dedupeFile(dir), LOG, recordEvents(), RUN);
  for (let n = 0; n < 100; n += 10) await made.add(asTreeSize(n), LEAVES.slice(n, n + 10));
  await made.close();
  const path = join(dir, '.state/dedupe.db');
  rmSync(`${path}.sha256`);
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  const events = recordEvents();
  return { index: new SqliteDedupeIndex(dedupeFile(dir), LOG, events, RUN), events };
}

/** Adds what the index does not cover, as the engine does. */
async function fill(index: SqliteDedupeIndex): Promise<void> {
  const from = await index.covered();
  expect(await index.add(from, LEAVES.slice(from))).toBe(true);
}

test('an index that nothing happened to is not rebuilt', async () => {
  const { index, events } = await damaged('SELECT 1');
  expect(await index.covered()).toBe(100);
  expect(await index.find(LEAVES)).toEqual(ALL);
  expect(events.seen).toEqual([]);
});

test.each([
  ['closed', false],
  ['of a process that was killed', true],
])('an index, %s, that became a tebibyte long is rebuilt, and not read to its end', async (_, killed) => {
  const made = new SqliteDedupeIndex(dedupeFile(dir), LOG, recordEvents());
  await made.add(asTreeSize(0), LEAVES);
  await made.close();
  const path = join(dir, '.state/dedupe.db');
  if (killed) rmSync(`${path}.sha256`);
  truncateSync(path, 2 ** 40);
  const events = recordEvents();
  const index = new SqliteDedupeIndex(dedupeFile(dir), LOG, events);
  expect(await index.covered()).toBe(0);
  expect(events.seen).toMatchObject([{ type: 'repaired', path: '.state/dedupe.db' }]);
  await index.close();
});

test.each([
  ['a negative cursor', 'UPDATE facts SET covered = -1'],
  ['a cursor that is no safe integer', 'UPDATE facts SET covered = 9007199254740993'],
  ['a cursor before what is there', 'UPDATE facts SET covered = covered - 10'],
  ['a cursor beyond what is there', 'UPDATE facts SET covered = covered + 10'],
  ['no cursor', 'DELETE FROM facts'],
  ['a row that starts nowhere', 'UPDATE recent SET first = -10 WHERE first = 90'],
  ['a row that starts beyond numbers', 'UPDATE recent SET first = 9007199254740993 WHERE first = 90'],
  ['a row missing in between', 'DELETE FROM recent WHERE first = 80'],
  ['a row missing at the end', 'DELETE FROM recent WHERE first = 90'],
  ['half a key', "UPDATE recent SET keys = x'0011' WHERE first = 90"],
  ['a row without keys', "UPDATE recent SET keys = x'' WHERE first = 90"],
])('%s is noticed when it is opened, and it is rebuilt', async (_, sql) => {
  const { index, events } = await damaged(sql);
  expect(events.seen).toMatchObject([{ type: 'repaired', path: '.state/dedupe.db' }]);
  expect(await index.covered()).toBe(0);
  await fill(index);
  expect(await index.find(LEAVES)).toEqual(ALL);
});

/** What SQLite takes for a database that it may only read, of fifty leaves. */
async function readOnlyIndex(): Promise<Buffer> {
  const made = new SqliteDedupeIndex(dedupeFile(dir), LOG, recordEvents());
  await made.add(asTreeSize(0), LEAVES.slice(0, 50));
  await made.close();
  const path = join(dir, '.state/dedupe.db');
  rmSync(`${path}.sha256`);
  const bytes = readFileSync(path);
  bytes[WRITE_VERSION_AT] = 9;
  writeFileSync(path, bytes);
  return bytes;
}

test('an index that cannot be written is rebuilt, and asks to be filled anew', async () => {
  await readOnlyIndex();
  const events = recordEvents();
  const index = new SqliteDedupeIndex(dedupeFile(dir), LOG, events);
  expect([await index.covered(), events.seen]).toEqual([50, []]);
  expect(await index.add(asTreeSize(50), LEAVES.slice(50))).toBe(false);
  expect(events.seen).toMatchObject([{ type: 'repaired', path: '.state/dedupe.db' }]);
  await fill(index);
  expect(await index.find(LEAVES)).toEqual(ALL);
  await index.close();
});

test('an index that cannot be removed, or that is no better when it is made anew, fails with an error of the log', async () => {
  const bytes = await readOnlyIndex();
  const file = dedupeFile(dir);
  const stuck = (): never => {
    throw Object.assign(new Error('EROFS: unlink'), { code: 'EROFS' });
  };
  const refused = new SqliteDedupeIndex({ ...file, remove: stuck }, LOG, recordEvents());
  const failure = { name: 'LogError', code: 'storage-failed', path: '.state/dedupe.db' };
  await expect(refused.add(asTreeSize(50), LEAVES.slice(50))).rejects.toMatchObject(failure);
  await expect(refused.add(asTreeSize(50), LEAVES.slice(50))).rejects.toMatchObject(failure);
  const again = new SqliteDedupeIndex({ ...file, remove: () => writeFileSync(file.path, bytes) }, LOG, recordEvents());
  expect(await again.add(asTreeSize(50), LEAVES.slice(50))).toBe(false);
  await expect(again.add(asTreeSize(50), LEAVES.slice(50))).rejects.toMatchObject(failure);
  await again.close();
});

test('what is rebuilt when it is opened leaves nothing open: closing that later would take the new files away', async () => {
  const { index, events } = await damaged('UPDATE facts SET covered = covered + 10');
  expect(events.seen).toHaveLength(1);
  const open = readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      return [];
    }
  });
  expect(open.filter((path) => path.startsWith(dir) && path.endsWith('(deleted)'))).toEqual([]);
  await index.close();
});

test.each([
  ['before the first entry', 'UPDATE leaves SET leaf = -1 WHERE leaf = 3'],
  ['beyond what is covered', 'UPDATE leaves SET leaf = 100 WHERE leaf = 3'],
  ['beyond numbers', 'UPDATE leaves SET leaf = 9007199254740993 WHERE leaf = 3'],
])('a leaf %s is noticed when it is looked for, and the index is rebuilt', async (_, sql) => {
  const { index, events } = await damaged(sql);
  expect(events.seen).toEqual([]);
  await expect(index.find(LEAVES)).rejects.toMatchObject({ code: 'storage-failed', path: '.state/dedupe.db' });
  expect(events.seen).toMatchObject([{ type: 'repaired', path: '.state/dedupe.db' }]);
  await fill(index);
  expect(await index.find(LEAVES)).toEqual(ALL);
});
