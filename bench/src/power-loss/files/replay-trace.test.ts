import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFs } from '@tilewright/store-posix';
import { SimulatedDisk } from '@tilewright/store-posix/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageOf, writeImage } from './disk-image.ts';
import { RecordingFs } from './recording-fs.ts';
import { replayTrace } from './replay-trace.ts';
import { Trace } from './trace.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-replay-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Text of the files that a power loss at this moment leaves, by path. */
async function left(trace: Trace, moment: number, choice: number): Promise<Record<string, string>> {
  const disk = await replayTrace(new SimulatedDisk(), trace.steps, moment);
  disk.powerLoss(choice);
  const texts = disk.files('').map((path) => {
    const bytes = new Uint8Array(disk.file(path).size);
    disk.file(path).read(bytes, 0);
    return [path, Buffer.from(bytes).toString('latin1')];
  });
  return Object.fromEntries(texts);
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('a sync covers what was there when it began, from its end on', async () => {
  const trace = new Trace();
  const fs = new RecordingFs(nodeFs(), dir, trace);
  const file = await fs.open(`${dir}/a`, 'create');
  await file.pwrite(text('one'), 0);
  const names = fs.fsyncDir(dir, 'object-dir');
  const bytes = file.fdatasync('object-data');
  // While both are under way.
  await (await fs.open(`${dir}/b`, 'create')).pwrite(text('b'), 0);
  await file.pwrite(text('two'), 3);
  const during = trace.moment;
  await Promise.all([names, bytes]);
  expect(await left(trace, during, 0)).toEqual({});
  expect(await left(trace, during, 1)).toEqual({ '/a': 'onetwo', '/b': 'b' });
  expect(await left(trace, trace.moment, 0)).toEqual({ '/a': 'one' });
  expect(await left(trace, trace.moment, 1)).toEqual({ '/a': 'onetwo', '/b': 'b' });
});

test('what failed has changed nothing', async () => {
  const trace = new Trace();
  const fs = new RecordingFs(nodeFs(), dir, trace);
  await (await fs.open(`${dir}/a`, 'create')).pwrite(text('a'), 0);
  await fs.link(`${dir}/a`, `${dir}/b`);
  await expect(fs.link(`${dir}/a`, `${dir}/b`)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(fs.unlink(`${dir}/c`)).rejects.toMatchObject({ code: 'ENOENT' });
  await fs.mkdir(`${dir}/d`, 0o700);
  expect(await fs.mkdir(`${dir}/d`, 0o700)).toBe(false);
  await fs.rename(`${dir}/b`, `${dir}/c`);
  expect(await left(trace, trace.moment, 1)).toEqual({ '/a': 'a', '/c': 'a' });
});

test('a recording that goes on after another is one recording', async () => {
  const first = new Trace();
  const before = new RecordingFs(nodeFs(), dir, first);
  await (await before.open(`${dir}/a`, 'create')).pwrite(text('old'), 0);
  const second = new Trace(first.steps, first.moment);
  const after = new RecordingFs(nodeFs(), dir, second);
  await (await after.open(`${dir}/a`, 'write')).pwrite(text('new'), 0);
  expect(await left(second, first.moment, 1)).toEqual({ '/a': 'old' });
  expect(await left(second, second.moment, 1)).toEqual({ '/a': 'new' });
});

test('an image is made of real files, with all their names', async () => {
  const disk = new SimulatedDisk();
  const process = disk.process();
  await process.mkdir('/sub', 0o700);
  await (await process.open('/sub/a', 'create')).pwrite(text('bytes'), 2);
  await process.link('/sub/a', '/z');
  const image = imageOf(disk);
  writeImage(image, `${dir}/image`);
  const real = nodeFs();
  expect(await real.readFile(`${dir}/image/z`)).toEqual(Buffer.from('\0\0bytes'));
  const [a, z] = await Promise.all([real.stat(`${dir}/image/sub/a`), real.stat(`${dir}/image/z`)]);
  expect(a?.inode).toBe(z?.inode);
  expect(imageOf(disk.clone()).digest).toBe(image.digest);
  await process.unlink('/z');
  expect(imageOf(disk).digest).not.toBe(image.digest);
  writeImage(imageOf(disk), `${dir}/image`);
  expect(await real.readdir(`${dir}/image`)).toEqual(['sub']);
});
