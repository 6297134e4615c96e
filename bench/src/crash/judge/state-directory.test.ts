import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Ledger } from './ledger.ts';
import { checkState } from './state-directory.ts';

let directory = '';
let ledger = new Ledger();
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tilewright-state-'));
  ledger = new Ledger();
  await mkdir(join(directory, '.state', 'tmp'), { recursive: true });
  await writeFile(join(directory, '.state', 'owner.json'), '{"pid":7}');
  await writeFile(join(directory, '.state', 'tree'), Buffer.alloc(8_192));
});
afterEach(() => rm(directory, { recursive: true }));

test('a state that its server keeps tidy', async () => {
  expect(await checkState(directory, 7, ledger)).toBeGreaterThanOrEqual(8_192);
  expect(ledger.violations).toEqual([]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a file on its way', () => writeFile(join(directory, '.state/tmp/x'), ''), '.state/tmp/x was left behind'],
  ['a state that was being made', () => mkdir(join(directory, '.state.new-1')), '.state.new-1 was left behind'],
  [
    'the name of a dead server',
    () => writeFile(join(directory, '.state/owner.json'), '{"pid":6}'),
    'process 7 runs, but process 6 has left its name at the lock',
  ],
])('%s is told', async (_, plant, fault) => {
  await plant();
  await checkState(directory, 7, ledger);
  expect(ledger.violations).toEqual([fault]);
});

test('only who started on a full disk may have no name', async () => {
  await rm(join(directory, '.state/owner.json'));
  await checkState(directory, 7, ledger, true);
  expect(ledger.violations).toEqual([]);
  await expect(checkState(directory, 7, ledger)).rejects.toThrow('owner.json');
});

test('files that pile up', async () => {
  for (let i = 0; i < 640; i++) await writeFile(join(directory, '.state', `${i}`), '');
  await checkState(directory, 7, ledger);
  expect(ledger.violations).toEqual(['the state directory has 642 files']);
});
