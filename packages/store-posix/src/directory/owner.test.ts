import { encodeUtf8 } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { describeOwner } from './owner.ts';

const good = { pid: 7, host: 'web-1', started: '2026-01-02T03:04:05.678Z' };

async function told(text: string): Promise<string> {
  const process = new SimulatedDisk().process();
  await process.mkdir('/.state', 0o700);
  const file = await process.open('/.state/owner.json', 'create');
  await file.pwrite(encodeUtf8(text), 0);
  return describeOwner(process, '');
}

test('a holder is told by process, host and time', async () => {
  expect(await told(JSON.stringify(good))).toBe('process 7 on web-1, started 2026-01-02T03:04:05.678Z');
  expect(await told(JSON.stringify({ ...good, host: 'bücher' }))).toContain('on bücher,');
});

test.each([
  ['no process', { ...good, pid: undefined }],
  ['a process that is no number', { ...good, pid: '7' }],
  ['a negative process', { ...good, pid: -1 }],
  ['a fraction of a process', { ...good, pid: 0.5 }],
  ['no host', { ...good, host: undefined }],
  ['an empty host', { ...good, host: '' }],
  ['an overlong host', { ...good, host: 'x'.repeat(256) }],
  ['a host that moves the cursor', { ...good, host: '\u001b[2J' }],
  ['a host that turns the line around', { ...good, host: '\u202ehost' }],
  ['a host on two lines', { ...good, host: 'a\u2028b' }],
  ['half a character', { ...good, host: '\ud800' }],
  ['a list of hosts', { ...good, host: ['web-1'] }],
  ['no time', { ...good, started: undefined }],
])('%s is no name', async (_, owner) => {
  expect(await told(JSON.stringify(owner))).toBe('it left no name');
});

test.each(['', 'null', '[]', '{', '"web-1"'])('%j is no name', async (text) => {
  expect(await told(text)).toBe('it left no name');
});
