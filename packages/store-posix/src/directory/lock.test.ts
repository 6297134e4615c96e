import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixStore } from '../posix-options.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';

const origin = 'example.com/lock';
let dir: string;
let children: ChildProcess[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-lock-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dir, { recursive: true });
});

/** A process of its own that opens the log. */
function startHolder(): ChildProcess {
  const program = join(import.meta.dirname, '../faults/hold-log.ts');
  const child = spawn(execPath, ['--no-warnings', program, dir, origin], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  return child;
}

/** A process of its own that holds the log. */
async function holder(): Promise<ChildProcess> {
  const child = startHolder();
  if (child.stdout === null) throw new Error('the holder has no output');
  await once(child.stdout, 'data');
  return child;
}

function open(): Promise<PosixStore> {
  return openPosixStore({
    dir,
    identity: { origin, logId: asHash(new Uint8Array(32).fill(7)) },
    clock: realClock(),
    entropy: realEntropy(),
    events: recordEvents(),
    mode: 'open-or-create',
    dedupe: true,
    limits: { segmentBytes: 64 * 1024, reserveBytes: 64 * 1024 },
  });
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a second process is refused and told who holds the log; kill -9 frees it at once', async () => {
  const child = await holder();
  await expect(open()).rejects.toMatchObject({
    name: 'PosixError',
    code: 'locked',
    message: expect.stringContaining(`process ${child.pid} on `),
  });
  await end(child);
  await (await open()).close();
});

test('a holder whose recorded process does not exist here holds all the same', async () => {
  const child = await holder();
  const path = join(dir, '.state/owner.json');
  const owner = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...owner, pid: 4_194_305, host: 'elsewhere' }));
  await expect(open()).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining('process 4194305 on elsewhere'),
  });
  rmSync(path);
  await expect(open()).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('it left no name') });
  await end(child);
});

test('a lock file that holds something is named: there is nothing in it that anybody needs', async () => {
  await (await open()).close();
  const path = join(dir, '.state/lock.db');
  const unknownFormat = Buffer.alloc(4096, 9);
  unknownFormat.set(Buffer.from('SQLite format 3\0'));
  unknownFormat.set([16, 0, 1, 1, 0, 64, 32, 32], 16);
  for (const content of ['not what SQLite expects to find', unknownFormat]) {
    writeFileSync(path, content);
    await expect(open()).rejects.toMatchObject({ name: 'PosixError', code: 'corrupt', path: '.state/lock.db' });
  }
  rmSync(path);
  await (await open()).close();
});

test('a second opening in the same process is refused, and does not harm the first', async () => {
  const store = await open();
  await expect(open()).rejects.toMatchObject({ code: 'locked' });
  await expect(open()).rejects.toMatchObject({ code: 'locked' });
  const [code] = await once(startHolder(), 'exit');
  expect(code).not.toBe(0);
  await store.close();
  await (await open()).close();
});

test.each(['removed', 'replaced'])(
  'a writer whose lock file was %s notices before anything is published',
  async (how) => {
    const store = await open();
    const lock = join(dir, '.state/lock.db');
    if (how === 'removed') rmSync(lock);
    else {
      writeFileSync(`${lock}.new`, '');
      renameSync(`${lock}.new`, lock);
    }
    const note = unsignedNote(origin, { size: asTreeSize(0), root: EMPTY_ROOT });
    await expect(store.checkpoints.replace(note, 'absent')).rejects.toMatchObject({ name: 'LogError', code: 'locked' });
    await expect(store.sequence.freeze(1)).rejects.toMatchObject({ code: 'locked' });
    expect(await store.checkpoints.read()).toBeUndefined();
    await store.close();
  },
);

test('of two writers whose lock file was removed, the first is stopped by the second', async () => {
  const store = await open();
  rmSync(join(dir, '.state/lock.db'));
  const second = await open();
  const { tree } = await store.sequence.head();
  await expect(store.sequence.advance(tree, tree)).rejects.toMatchObject({ code: 'locked' });
  const note = unsignedNote(origin, { size: asTreeSize(0), root: EMPTY_ROOT });
  expect(await second.checkpoints.replace(note, 'absent')).not.toBe('lost');
  await store.close();
  await second.close();
});
