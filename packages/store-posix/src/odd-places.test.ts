import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectPosixDirectory } from './inspect-posix-directory.ts';
import { openPosixStore } from './open-posix-store.ts';
import type { PosixStore } from './posix-options.ts';
import { unsignedNote } from './testing/unsigned-note.ts';

const identity = { origin: 'example.com/odd', logId: asHash(new Uint8Array(32).fill(7)) };
const note = unsignedNote(identity.origin, { size: asTreeSize(0), root: EMPTY_ROOT });
let dir: string;

/** A log that was published and closed. */
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-odd-'));
  const store = await open();
  await store.checkpoints.replace(note, 'absent');
  await store.close();
});
afterEach(() => rm(dir, { recursive: true }));

function open(): Promise<PosixStore> {
  return openPosixStore({
    dir,
    identity,
    clock: realClock(),
    entropy: realEntropy(),
    events: recordEvents(),
    mode: 'open-or-create',
    dedupe: true,
    limits: { segmentBytes: 64 * 1024, reserveBytes: 64 * 1024 },
  });
}

test('a directory for temporary files that a copy left out, because it was empty, is made again', async () => {
  rmSync(join(dir, '.state/tmp'), { recursive: true });
  await (await open()).close();
});

test.each([
  ['.state/format.json', 'io'],
  ['.state/owner.json', 'io'],
  ['.state/lock.db', 'io'],
  ['.state/tree', 'io'],
  ['.state/floor', 'io'],
  ['.state/collected', 'io'],
  ['.state/reserve', 'io'],
  ['.state/dedupe.db', 'io'],
  ['.state/wal/00000001-00000000', 'io'],
  ['checkpoint', 'storage-failed'],
])('a directory in place of %s is named', async (path, code) => {
  rmSync(join(dir, path), { recursive: true });
  mkdirSync(join(dir, path));
  writeFileSync(join(dir, path, 'inside'), 'something');
  await expect(open()).rejects.toMatchObject({ code, path });
});

test('who only looks is told of a failure of the system in the same way', async () => {
  rmSync(join(dir, '.state/format.json'));
  mkdirSync(join(dir, '.state/format.json'));
  const looked = inspectPosixDirectory(dir);
  await expect(looked).rejects.toMatchObject({ name: 'PosixError', code: 'io', path: '.state/format.json' });
});

test('what does not belong there is removed from among temporary files, and let alone elsewhere', async () => {
  mkdirSync(join(dir, '.state/tmp/directory/below'), { recursive: true });
  writeFileSync(join(dir, '.state/tmp/directory/below/file'), 'something');
  writeFileSync(join(dir, '.state.new-file'), 'something');
  const strangers = ['.state/wal/directory', '.state/checkpoints/directory', '.state/checkpoints/7', 'directory'];
  for (const path of strangers) {
    mkdirSync(join(dir, path));
    writeFileSync(join(dir, path, 'file'), 'something');
  }
  const store = await open();
  for (let size = 1; size < 4; size++) {
    const stored = await store.checkpoints.read();
    const next = unsignedNote(identity.origin, { size: asTreeSize(size), root: EMPTY_ROOT });
    await store.checkpoints.replace(next, stored?.version ?? 'absent');
  }
  await store.close();
  expect(readdirSync(join(dir, '.state/tmp'))).toEqual([]);
  expect(readdirSync(dir).sort()).toEqual(['.state', 'checkpoint', 'directory']);
  for (const path of strangers) expect(readdirSync(join(dir, path))).toEqual(['file']);
});
