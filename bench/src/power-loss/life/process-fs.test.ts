import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFs } from '@tilewright/store-posix';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessFs } from './process-fs.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-process-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('a process that is killed does nothing more, learns nothing more, and holds nothing', async () => {
  const process = new ProcessFs(nodeFs());
  expect(await process.lock(`${dir}/lock`)).toBeDefined();
  const file = await process.open(`${dir}/a`, 'create');
  await file.pwrite(new Uint8Array([1]), 0);
  const sync = file.fdatasync('object-data');
  await process.kill();
  await expect(sync).rejects.toMatchObject({ name: 'ProcessEnded' });
  await expect(file.pwrite(new Uint8Array([2]), 1)).rejects.toMatchObject({ name: 'ProcessEnded' });
  await expect(file.close()).rejects.toMatchObject({ name: 'ProcessEnded' });
  await expect(process.rename(`${dir}/a`, `${dir}/b`)).rejects.toMatchObject({ name: 'ProcessEnded' });
  const next = new ProcessFs(nodeFs());
  expect(await next.readFile(`${dir}/a`)).toEqual(Buffer.from([1]));
  expect(await next.lock(`${dir}/lock`)).toBeDefined();
  await next.kill();
});
