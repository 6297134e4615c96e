import { appendFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafHash } from '@tilewright/core/hash';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JournalLine, PromiseJournal, readJournal } from './promise-journal.ts';

const leaf = leafHash(Buffer.from('an entry'));
const LINES: readonly JournalLine[] = [
  { kind: 'sent', leaf },
  { kind: 'refused', leaf },
  { kind: 'answered', leaf, index: 7, isCreated: true },
  { kind: 'answered', leaf, index: 7, isCreated: false },
  { kind: 'checkpoint', size: 8, root: leaf },
  { kind: 'published', size: 8 },
  { kind: 'served', path: 'tile/0/000.p/8', digest: 'ab'.repeat(32) },
];

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-journal-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function read(file: string): JournalLine[] {
  const lines: JournalLine[] = [];
  readJournal(file, (line) => lines.push(line));
  return lines;
}

function write(file: string): void {
  const journal = new PromiseJournal(file);
  for (const line of LINES) journal.add(line);
  journal.close();
}

test('every line comes back as it was, and a later run goes on behind it', () => {
  const file = join(dir, 'whole');
  expect(read(file)).toEqual([]);
  write(file);
  write(file);
  expect(read(file)).toEqual([...LINES, ...LINES]);
});

test('a line that was not finished is cut off, so that the next one stands alone', () => {
  const file = join(dir, 'torn');
  write(file);
  appendFileSync(file, 'answered 00');
  expect(read(file)).toEqual(LINES);
  expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
});

test('a line of another kind is no promise, and no reading on', () => {
  const file = join(dir, 'foreign');
  appendFileSync(file, 'something else\n');
  expect(() => read(file)).toThrow(/a line that is none/);
});
