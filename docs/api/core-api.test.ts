import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readCoreApi } from './core-api.ts';

test('TypeDoc reads every subpath of core, and finds words at every export and an end to every link', async () => {
  const manifest = new URL('../../packages/core/package.json', import.meta.url);
  const { exports, name } = JSON.parse(await readFile(manifest, 'utf8'));
  const { project, problems } = await readCoreApi();
  expect(problems).toEqual([]);
  const modules = project.children?.map((module) => module.name).sort();
  expect(modules).toEqual(
    Object.keys(exports)
      .map((subpath) => name + subpath.slice(1))
      .sort(),
  );
});
