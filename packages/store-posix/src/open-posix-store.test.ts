import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asHash, asTreeSize, encodeHex } from '@tilewright/core/bytes';
import { EMPTY_ROOT, sha256 } from '@tilewright/core/hash';
import { bundlePath, fullPath, tilePath } from '@tilewright/core/tiles';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectPosixDirectory } from './inspect-posix-directory.ts';
import { openPosixReader } from './open-posix-reader.ts';
import { openPosixStore } from './open-posix-store.ts';
import type { PosixOptions, PosixStore } from './posix-options.ts';
import { unsignedNote } from './testing/unsigned-note.ts';

const identity = { origin: 'example.com/posix', logId: asHash(new Uint8Array(32).fill(7)) };
const note = unsignedNote(identity.origin, { size: asTreeSize(0), root: EMPTY_ROOT });
let parent: string;
let dir: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tilewright-store-'));
  dir = join(parent, 'a/b');
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

function open(changed: Partial<PosixOptions> = {}): Promise<PosixStore> {
  return openPosixStore({
    dir,
    identity,
    clock: realClock(),
    entropy: realEntropy(),
    events: recordEvents(),
    mode: 'open-or-create',
    dedupe: true,
    limits: { segmentBytes: 64 * 1024, reserveBytes: 64 * 1024 },
    ...changed,
  });
}

const permissions = (path: string): number => statSync(join(dir, path)).mode % 0o1000;

test('everybody may read the log, and nobody its state', async () => {
  const store = await open();
  await store.checkpoints.replace(note, 'absent');
  const path = tilePath({ level: 0, index: 1_234_567, width: 3 });
  await store.objects.create(path, new Uint8Array(96));
  expect(permissions('.')).toBe(0o755);
  expect(permissions('checkpoint')).toBe(0o644);
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    expect(permissions(parts.slice(0, depth).join('/'))).toBe(depth === parts.length ? 0o644 : 0o755);
  }
  expect(permissions('.state')).toBe(0o700);
  expect(readdirSync(dir).sort()).toEqual(['.state', 'checkpoint', 'tile']);
  await store.close();
});

test('nothing is left under temporary names', async () => {
  const store = await open();
  const path = tilePath({ level: 0, index: 0, width: 1 });
  await store.objects.create(path, new Uint8Array(32));
  await store.objects.create(path, new Uint8Array(32));
  await store.checkpoints.replace(note, 'absent');
  await store.close();
  expect(readdirSync(join(dir, '.state/tmp'))).toEqual([]);
});

test('a second version of an object stops the writing; both are kept', async () => {
  const store = await open();
  const path = bundlePath({ index: 0, width: 1 });
  const other = new Uint8Array([0, 1, 8]);
  const kept = `.state/conflicts/tile_entries_000.p_1-${encodeHex(sha256(other)).slice(0, 8)}`;
  await store.objects.create(path, new Uint8Array([0, 1, 7]));
  await expect(store.objects.create(path, other)).rejects.toMatchObject({
    code: 'object-conflict',
    path,
    message: expect.stringContaining(kept),
  });
  expect([...readFileSync(join(dir, path))]).toEqual([0, 1, 7]);
  expect([...readFileSync(join(dir, kept))]).toEqual([0, 1, 8]);
  await expect(store.objects.sync()).rejects.toMatchObject({ code: 'object-conflict' });
  await store.close();
});

test('paths that leave the tiles are not read', async () => {
  const store = await open();
  for (const path of ['checkpoint', 'tile/../checkpoint', 'tile/../.state/format.json', '.state/format.json']) {
    await expect(store.objects.read(path as Parameters<typeof store.objects.read>[0])).rejects.toMatchObject({
      code: 'not-found',
    });
  }
  await store.close();
});

test('a reader needs no lock and no state, and writes nothing', async () => {
  const store = await open();
  await store.checkpoints.replace(note, 'absent');
  const path = tilePath({ level: 0, index: 0, width: 1 });
  await store.objects.create(path, new Uint8Array(32));
  const reader = openPosixReader(dir);
  expect((await reader.checkpoints.read())?.note).toEqual(note);
  expect(await reader.objects.read(path)).toEqual(Buffer.alloc(32));
  expect(await reader.objects.read(tilePath({ level: 0, index: 0, width: 2 }))).toBeUndefined();
  expect(await reader.objects.isEmpty()).toBe(false);
  expect(await openPosixReader(join(parent, 'nothing')).objects.isEmpty()).toBe(true);
  await expect(reader.objects.create(path, new Uint8Array(32))).rejects.toMatchObject({ code: 'frozen' });
  await expect(reader.objects.dropPartials(fullPath(path))).rejects.toMatchObject({ code: 'frozen' });
  await expect(reader.checkpoints.replace(note, 'absent')).rejects.toMatchObject({ code: 'frozen' });
  await store.close();
});

test('a look from outside tells what there is, while the log is open', async () => {
  expect(await inspectPosixDirectory(dir)).toEqual({ kind: 'nothing', checkpoint: undefined, state: undefined });
  const store = await open();
  await store.checkpoints.replace(note, 'absent');
  const seen = await inspectPosixDirectory(dir);
  expect(seen).toMatchObject({
    kind: 'log',
    checkpoint: { origin: identity.origin, size: 0 },
    state: {
      identity: { ...identity, format: 1 },
      integrated: { size: 0 },
      signed: { size: 0 },
      frozenAtMs: undefined,
    },
  });
  expect(seen.state?.lastWriter).toMatch(/^process \d+ on .+, started \d{4}-/);
  // Looking has not opened the lock: it still keeps others out.
  await expect(open()).rejects.toMatchObject({ code: 'locked' });
  await store.close();
});

test('a damaged dedupe index is rebuilt, and said', async () => {
  const store = await open();
  await store.dedupe?.add(asTreeSize(0), [sha256(new Uint8Array([1]))]);
  await store.checkpoints.replace(note, 'absent');
  await store.close();
  const path = join(dir, '.state/dedupe.db');
  const whole = readFileSync(path);
  for (const at of [20, 5000, whole.length - 10]) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(path, changed);
    const events = recordEvents();
    const again = await open({ events });
    expect(await again.dedupe?.covered()).toBe(0);
    expect(events.seen).toMatchObject([{ type: 'repaired', path: '.state/dedupe.db' }]);
    await again.close();
  }
  writeFileSync(path, 'no database at all, but long enough to be taken for one'.repeat(100));
  const again = await open();
  expect(await again.dedupe?.covered()).toBe(0);
  await again.close();
});

test("another log's dedupe index is not used", async () => {
  const store = await open();
  await store.dedupe?.add(asTreeSize(0), [sha256(new Uint8Array([1]))]);
  await store.close();
  const database = readFileSync(join(dir, '.state/dedupe.db'));
  dir = join(parent, 'other');
  const other = { ...identity, logId: asHash(new Uint8Array(32).fill(8)) };
  await (await open({ identity: other, dedupe: false })).close();
  writeFileSync(join(dir, '.state/dedupe.db'), database);
  const opened = await open({ identity: other });
  expect(await opened.dedupe?.covered()).toBe(0);
  await opened.close();
});
