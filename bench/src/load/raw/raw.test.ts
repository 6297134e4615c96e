import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nextGrowth, publishedSize } from './checkpoint-growth.ts';
import { readComplaints } from './tessera-hammer.ts';

test("hammer's complaints are added up", () => {
  const output = [
    'I1121 21:00:00.000000   77 hammer.go:212] Will fail after 15s',
    'W1121 21:00:01.000000   77 analysis.go:120] 7 requests received pushback from log',
    'W1121 21:00:02.000000   77 analysis.go:120] 30 requests received pushback from log',
    'W1121 21:00:02.000000   77 analysis.go:124] (3 x) failed to write leaf: dial tcp 127.0.0.1:40001: refused',
    'W1121 21:00:03.000000   77 analysis.go:124] (2 x) failed to write leaf: dial tcp 127.0.0.1:40002: refused',
    '(9 x) half a li',
  ].join('\n');
  const { pushedBack, errors } = readComplaints(output);
  expect(pushedBack).toBe(37);
  expect(Object.values(errors)).toEqual([5]);
  expect(readComplaints('')).toEqual({ pushedBack: 0, errors: {} });
});

test('growth is seen when the next checkpoint comes, and not before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tilewright-growth-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // As a log does: in one step, so that nobody reads half of it.
  const publish = async (size: string): Promise<void> => {
    await writeFile(join(folder, 'next'), `origin\n${size}\nroot\n\n— s\n`);
    await rename(join(folder, 'next'), join(folder, 'checkpoint'));
  };
  await publish('12');
  expect(await publishedSize(folder)).toBe(12);
  const started = performance.now();
  const growth = nextGrowth(folder);
  setTimeout(() => void publish('20'), 60);
  const { size, at } = await growth;
  expect(size).toBe(20);
  expect(at - started).toBeGreaterThan(50);
  await publish('x');
  await expect(publishedSize(folder)).rejects.toThrow(/has no size/);
});
