import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findChromium } from './find-chromium.ts';

test('Chromium is found on PATH under the names that it has, when it may be run; else there is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tilewright-chromium-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = ['', join(folder, 'missing'), folder].join(delimiter);
  expect(await findChromium(path)).toBeUndefined();
  const file = join(folder, 'google-chrome');
  await writeFile(file, '');
  expect(await findChromium(path)).toBeUndefined();
  await chmod(file, 0o755);
  expect(await findChromium(path)).toBe(file);
});
