import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { encodeEntryBundle } from '@tilewright/core/tiles';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectPosixDirectory } from '../inspect-posix-directory.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixStore } from '../posix-options.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';
import { adoptPosixLog } from './adopt.ts';

const identity = { origin: 'example.com/adopted', logId: asHash(new Uint8Array(32).fill(4)) };
const entry = new TextEncoder().encode('an entry');
const tree = { size: asTreeSize(1), root: leafHash(entry) };
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-adopt-'));
});
afterEach(() => rm(dir, { recursive: true }));

const adopt = (): Promise<void> => adoptPosixLog({ dir, identity, tree, clock: realClock(), entropy: realEntropy() });
const open = (): Promise<PosixStore> =>
  openPosixStore({
    dir,
    identity,
    clock: realClock(),
    entropy: realEntropy(),
    events: recordEvents(),
    mode: 'open-or-create',
    dedupe: true,
    limits: { segmentBytes: 64 * 1024, reserveBytes: 64 * 1024 },
  });

/** A log of one entry as another program leaves it. */
function foreignLog(): void {
  for (const path of ['.state/antispam', 'tile/0/000.p', 'tile/entries/000.p'])
    mkdirSync(join(dir, path), { recursive: true });
  writeFileSync(join(dir, '.state/treeState'), '{}');
  writeFileSync(join(dir, '.state/antispam/LOCK'), '');
  writeFileSync(join(dir, 'tile/0/000.p/1'), tree.root);
  writeFileSync(join(dir, 'tile/entries/000.p/1'), encodeEntryBundle([entry]));
  writeFileSync(join(dir, 'checkpoint'), unsignedNote(identity.origin, tree));
}

test('a log of another program is not opened; adopted, it goes on where it was', async () => {
  foreignLog();
  expect((await inspectPosixDirectory(dir)).kind).toBe('foreign');
  await expect(open()).rejects.toMatchObject({
    code: 'foreign-log',
    message: expect.stringContaining('tilewright log adopt'),
  });
  await adopt();
  expect(readFileSync(join(dir, '.state.before-adoption/treeState'), 'utf8')).toBe('{}');
  const store = await open();
  const head = await store.sequence.head();
  expect([head.tree.size, head.signed.size, head.next]).toEqual([1, 1, 1]);
  expect(Buffer.from(head.tree.root)).toEqual(Buffer.from(tree.root));
  expect(await store.sequence.append([entry], realEntropy().token(), new AbortController().signal)).toBe(1);
  await store.close();
  expect(readdirSync(dir).sort()).toEqual(['.state', '.state.before-adoption', 'checkpoint', 'tile']);
});

test('a log without any state is adopted too, and one whose adoption was interrupted', async () => {
  foreignLog();
  await rm(join(dir, '.state'), { recursive: true });
  await adopt();
  await (await open()).close();
  await rm(join(dir, '.state'), { recursive: true });
  mkdirSync(join(dir, '.state.before-adoption'));
  mkdirSync(join(dir, '.state.new-00'));
  await expect(open()).rejects.toMatchObject({ code: 'foreign-log' });
  await adopt();
  await (await open()).close();
  expect(readdirSync(dir)).not.toContain('.state.new-00');
});

test('what is ours, what is nothing and what has no checkpoint is not adopted', async () => {
  await expect(adopt()).rejects.toMatchObject({ code: 'not-a-log' });
  foreignLog();
  await rm(join(dir, 'checkpoint'));
  await expect(adopt()).rejects.toMatchObject({ code: 'half-log', path: 'checkpoint' });
  writeFileSync(join(dir, 'checkpoint'), unsignedNote(identity.origin, tree));
  await adopt();
  await expect(adopt()).rejects.toMatchObject({ code: 'already-a-log' });
});

test('a log whose program still runs is not adopted', async () => {
  foreignLog();
  const path = join(dir, '.state/antispam/LOCK');
  const program = new DatabaseSync(path);
  program.exec('BEGIN EXCLUSIVE');
  await expect(adopt()).rejects.toMatchObject({ code: 'locked', path: '.state/antispam/LOCK' });
  expect(readFileSync(join(dir, '.state/treeState'), 'utf8')).toBe('{}');
  program.close();
  await adopt();
});

test('two old states are one too many', async () => {
  foreignLog();
  mkdirSync(join(dir, '.state.before-adoption'));
  await expect(adopt()).rejects.toMatchObject({ code: 'half-log', path: '.state.before-adoption' });
});
