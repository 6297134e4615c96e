import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { DirectoryScan } from './scan-directory.ts';

let directory = '';
let ledger = new Ledger();
let scan = new DirectoryScan('', ledger);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tilewright-scan-'));
  ledger = new Ledger();
  scan = new DirectoryScan(directory, ledger);
  for (const path of ['tile/0/000', 'tile/0/000.p/7', 'tile/0/001.p/3', 'tile/entries/000']) await put(path, path);
  await scan.run();
});
afterEach(() => rm(directory, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
}

test('what only grows is sound, and a partial may go when the full one is there', async () => {
  await rm(join(directory, 'tile/0/000.p'), { recursive: true });
  await put('tile/0/001.p/4', 'more');
  expect(await scan.run()).toBe(4);
  await scan.run(true);
  expect(ledger.violations).toEqual([]);
  expect(ledger.counts().paths).toBe(5);
});

test.each(['tile/entries/000', 'tile/0/001.p/3'])('other bytes at %s, of the same length', async (path) => {
  await put(path, path.toUpperCase());
  await scan.run();
  expect(ledger.violations).toEqual([`${path} was served with two contents`]);
});

test('a path that comes back with other bytes', async () => {
  await rm(join(directory, 'tile/0/000.p/7'));
  await scan.run();
  await put('tile/0/000.p/7', 'other');
  await scan.run();
  expect(ledger.violations).toEqual(['tile/0/000.p/7 was served with two contents']);
});

test.each(['tile/entries/000', 'tile/0/001.p/3'])('%s is gone', async (path) => {
  await rm(join(directory, path));
  await scan.run();
  expect(ledger.violations).toEqual([`${path} was there, and is gone`]);
});

test('a file that is no tile', async () => {
  await put('tile/0/000.tmp', '');
  await scan.run();
  expect(ledger.violations).toEqual(['tile/0/000.tmp lies where tiles are served, but is none']);
});
