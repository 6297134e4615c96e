// The checks see what they are for: defects that are planted in the directory of a log that a real server wrote.
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { leafHash } from '@tilewright/core/hash';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { loadSignerFile } from '@tilewright/signer';
import { openPosixStore } from '@tilewright/store-posix';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ourServer } from '../server/commands.ts';
import { makeWorkspaceDir, type WorkspaceDir } from '../server/workspace-dir.ts';
import { steadyPorts } from './life/steady-ports.ts';
import { LogUnderTest } from './log-under-test.ts';
import { httpSource } from './read/tile-source.ts';
import { seededRandom } from './seeded-random.ts';

const LOAD_MS = 400;
const MOST_LIVES = 10;
const LIMIT_MS = 180_000;
const HEADER_BYTES = 4_096;

let workspace: WorkspaceDir;
let log: LogUnderTest;
beforeEach(async () => {
  workspace = await makeWorkspaceDir();
  const place = { ...(await workspace.place('log')), ports: await steadyPorts() };
  log = new LogUnderTest(
    {
      workspace,
      rounds: 0,
      isTimeUp: () => false,
      writers: 8,
      loadMs: [LOAD_MS, LOAD_MS],
      random: seededRandom(7),
      isOurs: true,
      server: (at) => ourServer(at),
      source: (at) => httpSource(at.ports.http),
      fsck: undefined,
      fsckEvery: 1,
      say: () => {},
    },
    place,
  );
  await liveUntilAnswered();
  expect(log.ledger.violations).toEqual([]);
}, LIMIT_MS);
afterEach(() => workspace.remove());

/** One life of a server: started, compared, loaded, killed. */
async function live(): Promise<void> {
  const server = await log.start();
  if (server === undefined) return;
  try {
    await log.verify(server);
    await log.loadAndEnd(server, LOAD_MS * log.slowness);
  } finally {
    await server.kill();
  }
}

/** So many lives that something new was answered: on a busy machine one may be too short. */
async function liveUntilAnswered(): Promise<void> {
  const { answers } = log.ledger.promised();
  for (let lives = 0; lives < MOST_LIVES && log.ledger.promised().answers === answers; lives++) await live();
  expect(log.ledger.promised().answers).toBeGreaterThan(answers);
}

function inLog(...path: string[]): string {
  return join(log.place.storageDir, ...path);
}

/** Path of the first tile, or bundle, as narrow as it ever was. */
async function firstOf(level: string): Promise<string> {
  const widths = await readdir(inLog('tile', level, '000.p')).catch(() => []);
  const [narrowest] = widths.map(Number).sort((a, b) => a - b);
  return narrowest === undefined ? `tile/${level}/000` : `tile/${level}/000.p/${narrowest}`;
}

/** Puts entries behind those of the log, with indexes and durable, and publishes none of them. Returns the first index. */
async function sequence(bodies: readonly Uint8Array[]): Promise<number> {
  const identity = loadSignerFile(workspace.keyPem, log.place.origin);
  const [clock, entropy, events] = [realClock(), realEntropy(), { emit: () => {} }];
  const dir = log.place.storageDir;
  const store = await openPosixStore({ dir, identity, clock, entropy, events, mode: 'open', dedupe: false });
  try {
    return await store.sequence.append(bodies, entropy.token(), new AbortController().signal);
  } finally {
    await store.close();
  }
}

/** Sequences entries, and has the checks believe that their clients were answered. */
async function sequenceAnswered(): Promise<void> {
  const bodies = Array.from({ length: 5 }, (_, i) => Buffer.from(`answered ${i}`));
  const first = await sequence(bodies);
  for (const [i, body] of bodies.entries()) {
    log.book.send(leafHash(body));
    log.ledger.acknowledge(first + i, leafHash(body));
  }
}

test('answered entries of the newest segment are there after a restart, and are missed when it is cut off', {
  timeout: LIMIT_MS,
}, async () => {
  await sequenceAnswered();
  await live();
  expect(log.ledger.violations).toEqual([]);
  // In peace, so that no tile is left that tells the server itself of entries that it has not.
  await (await log.start())?.stop();
  await sequenceAnswered();
  const newest = (await readdir(inLog('.state', 'wal'))).sort().at(-1) ?? '';
  await truncate(inLog('.state', 'wal', newest), HEADER_BYTES);
  await truncate(inLog('.state', 'wal', newest), 16 * 2 ** 20);
  await live();
  expect(log.ledger.violations.join('\n')).toMatch(/acknowledged entries are lost, the first at index/);
});

test('a directory that is put back as it was', { timeout: LIMIT_MS }, async () => {
  const copy = join(workspace.path, 'copy');
  await cp(log.place.storageDir, copy, { recursive: true });
  await liveUntilAnswered();
  await rm(log.place.storageDir, { recursive: true });
  await cp(copy, log.place.storageDir, { recursive: true });
  await live();
  expect(log.ledger.violations.join('\n')).toMatch(/the published checkpoint went from \d+ back to \d+/);
});

test('one byte of a tile that was served', { timeout: LIMIT_MS }, async () => {
  const path = await firstOf('0');
  const bytes = await readFile(inLog(path));
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await writeFile(inLog(path), bytes);
  await log.killWhileStarting();
  expect(log.ledger.violations).toEqual([`${path} was served with two contents`]);
});

test('an entry that nobody sent, and one that is there already', { timeout: LIMIT_MS }, async () => {
  const bundle = await readFile(inLog(await firstOf('entries')));
  const known = bundle.subarray(2, 2 + bundle.readUInt16BE(0));
  const first = await sequence([Buffer.from('of nobody'), known]);
  await live();
  expect(log.ledger.violations).toContain(`index ${first} holds an entry that nobody sent`);
  expect(log.ledger.violations).toContain(`index ${first + 1} repeats the entry of index 0`);
});

test('a lock that somebody still holds', { timeout: LIMIT_MS }, async () => {
  const lock = new DatabaseSync(inLog('.state', 'lock.db'));
  lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  try {
    await live();
  } finally {
    lock.close();
  }
  expect(log.ledger.violations.join('\n')).toMatch(/no restart: .*another process holds this log/s);
});

test('a dedupe index that is gone is no broken promise: the next server makes it again', {
  timeout: LIMIT_MS,
}, async () => {
  for (const name of await readdir(inLog('.state'))) {
    if (name.startsWith('dedupe')) await rm(inLog('.state', name));
  }
  const told = (): number => log.tally.of('duplicates')['of published: told its index'] ?? 0;
  const before = told();
  for (let lives = 0; lives < MOST_LIVES && told() === before; lives++) await live();
  expect(told()).toBeGreaterThan(before);
  expect(log.ledger.violations).toEqual([]);
});
