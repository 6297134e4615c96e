import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFs } from './node-fs.ts';
import { writeFully, writeZeros } from './write-fully.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-fs-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('what is written at an offset is read back there', async () => {
  const fs = nodeFs();
  const file = await fs.open(join(dir, 'a'), 'create', 0o600);
  await writeFully(file, new Uint8Array([1, 2, 3]), 5000);
  await writeZeros(file, 5003, 3_000_000);
  await file.fdatasync('object-data');
  const into = new Uint8Array(10);
  expect(await file.pread(into, 4998)).toBe(10);
  expect([...into]).toEqual([0, 0, 1, 2, 3, 0, 0, 0, 0, 0]);
  expect(await file.pread(into, 2_999_996)).toBe(4);
  expect((await file.stat()).size).toBe(3_000_000);
  await file.truncate(2);
  expect((await fs.stat(join(dir, 'a')))?.size).toBe(2);
  await file.close();
});

test('what is absent is absent, and what is taken is taken', async () => {
  const fs = nodeFs();
  const at = (name: string): string => join(dir, name);
  expect(await fs.stat(at('a'))).toBeUndefined();
  expect(await fs.stat(at('a/b'))).toBeUndefined();
  expect(await fs.readFile(at('a'))).toBeUndefined();
  expect(await fs.readdir(at('a'))).toBeUndefined();
  await expect(fs.open(at('a'), 'write')).rejects.toMatchObject({ code: 'ENOENT' });
  await (await fs.open(at('a'), 'create')).close();
  await expect(fs.open(at('a'), 'create')).rejects.toMatchObject({ code: 'EEXIST' });
  await fs.link(at('a'), at('b'));
  await expect(fs.link(at('a'), at('b'))).rejects.toMatchObject({ code: 'EEXIST' });
  expect((await fs.stat(at('a')))?.inode).toBe((await fs.stat(at('b')))?.inode);
  expect(await fs.mkdir(at('d'), 0o755)).toBe(true);
  expect(await fs.mkdir(at('d'), 0o755)).toBe(false);
  expect((await fs.stat(at('d')))?.kind).toBe('directory');
  expect([...((await fs.readdir(dir)) ?? [])].sort()).toEqual(['a', 'b', 'd']);
  await fs.fsyncDir(dir, 'object-dir');
  await fs.rmdir(at('d'));
  await fs.rename(at('a'), at('c'));
  await fs.unlink(at('c'));
  expect(await fs.readdir(dir)).toEqual(['b']);
  expect(await fs.freeBytes(dir)).toBeGreaterThan(0);
});

test.each(['000', '022', '077'])('permissions are exact under the mask %s', (mask) => {
  const script = `
    process.umask(0o${mask});
    const { nodeFs } = await import(${JSON.stringify(join(import.meta.dirname, 'node-fs.ts'))});
    const fs = nodeFs();
    await (await fs.open('open', 'create', 0o644)).close();
    await (await fs.open('secret', 'create', 0o600)).close();
    await fs.mkdir('shown', 0o755);
    await fs.mkdir('hidden', 0o700);
    await (await fs.open('shown/open', 'create', 0o644)).close();
  `;
  execFileSync(execPath, ['--no-warnings', '--input-type=module', '-e', script], { cwd: dir });
  const modes = ['open', 'secret', 'shown', 'hidden', 'shown/open'].map(
    (name) => statSync(join(dir, name)).mode % 0o1000,
  );
  expect(modes).toEqual([0o644, 0o600, 0o755, 0o700, 0o644]);
});

test('a lock takes no room, and is free when it is released', async () => {
  const fs = nodeFs();
  const path = join(dir, 'lock.db');
  const lock = await fs.lock(path);
  expect(lock).toBeDefined();
  expect(await fs.lock(path)).toBeUndefined();
  expect(await fs.readdir(dir)).toEqual(['lock.db']);
  expect(statSync(path).size).toBe(0);
  await lock?.release();
  await (await fs.lock(path))?.release();
});

test('a lock that another program holds in the directory is seen', async () => {
  const fs = nodeFs();
  const path = join(dir, 'lock');
  expect(await fs.lockedAmong([path])).toBeUndefined();
  const lock = await fs.lock(path);
  expect(await fs.lockedAmong([join(dir, 'other'), path])).toBe(path);
  await lock?.release();
  expect(await fs.lockedAmong([path])).toBeUndefined();
});
