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
  await live();
  expect(log.ledger.violations).toEqual([]);
  expect(log.ledger.counts().acknowledged).toBeGreaterThan(0);
}, 60_000);
afterEach(() => workspace.remove());

/** One life of a server: started, compared, loaded, killed. */
async function live(ms = LOAD_MS): Promise<void> {
  const server = await log.start();
  if (server === undefined) return;
  try {
    await log.verify(server);
    await log.loadAndEnd(server, ms);
  } finally {
    await server.kill();
  }
}

function inLog(...path: string[]): string {
  return join(log.place.storageDir, ...path);
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
  timeout: 60_000,
}, async () => {
  await sequenceAnswered();
  await live();
  expect(log.ledger.violations).toEqual([]);
  await sequenceAnswered();
  const newest = (await readdir(inLog('.state', 'wal'))).sort().at(-1) ?? '';
  await truncate(inLog('.state', 'wal', newest), HEADER_BYTES);
  await truncate(inLog('.state', 'wal', newest), 16 * 2 ** 20);
  await live();
  expect(log.ledger.violations.join('\n')).toMatch(/acknowledged entries are lost, the first at index/);
});

test('a directory that is put back as it was', { timeout: 60_000 }, async () => {
  const copy = join(workspace.path, 'copy');
  await cp(log.place.storageDir, copy, { recursive: true });
  await live();
  await rm(log.place.storageDir, { recursive: true });
  await cp(copy, log.place.storageDir, { recursive: true });
  await live();
  expect(log.ledger.violations.join('\n')).toMatch(/the published checkpoint went from \d+ back to \d+/);
});

test('one byte of a tile that was served', { timeout: 60_000 }, async () => {
  const widths = (await readdir(inLog('tile', '0', '000.p'))).sort((a, b) => Number(a) - Number(b));
  const path = `tile/0/000.p/${widths[0]}`;
  const bytes = await readFile(inLog(path));
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await writeFile(inLog(path), bytes);
  await live();
  expect(log.ledger.violations).toContain(`${path} was served with two contents`);
});

test('an entry that nobody sent, and one that is there already', { timeout: 60_000 }, async () => {
  const [width = ''] = (await readdir(inLog('tile', 'entries', '000.p'))).sort();
  const bundle = await readFile(inLog('tile', 'entries', '000.p', width));
  const known = bundle.subarray(2, 2 + bundle.readUInt16BE(0));
  const first = await sequence([Buffer.from('of nobody'), known]);
  await live();
  expect(log.ledger.violations).toContain(`index ${first} holds an entry that nobody sent`);
  expect(log.ledger.violations).toContain(`index ${first + 1} repeats the entry of index 0`);
});

test('a lock that somebody still holds', { timeout: 60_000 }, async () => {
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
  timeout: 60_000,
}, async () => {
  for (const name of await readdir(inLog('.state'))) {
    if (name.startsWith('dedupe')) await rm(inLog('.state', name));
  }
  await live();
  expect(log.ledger.violations).toEqual([]);
  expect(Object.keys(log.tally.of('duplicates')).join()).toContain('told its index');
});
